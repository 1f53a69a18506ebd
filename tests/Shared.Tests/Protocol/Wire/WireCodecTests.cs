using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Learning.Online;
using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Protocol.Wire;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Protocol.Wire;

public sealed class WireCodecTests(ITestOutputHelper output)
{
    /// <summary>Those whose numbers stay in the memory of one process: the gates make offers of them.</summary>
    static readonly Type[] LocalOnly = [typeof(ParametersPublished), typeof(ContributionComputed)];

    /// <summary>A line an example: its name, manifest and bytes.</summary>
    static readonly ImmutableArray<string> Golden =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Protocol", "Wire", "GoldenBytes.txt"))];

    public static TheoryData<string> Names => WireExamples.Names;

    [Fact]
    public void Every_message_of_the_protocol_is_in_the_table_or_named_as_local()
    {
        var messages = typeof(IProtocolMessage).Assembly.GetTypes()
            .Where(type => typeof(IProtocolMessage).IsAssignableFrom(type) && type is { IsInterface: false, IsAbstract: false });

        Assert.Equal(
            messages.Select(type => type.Name).Order(StringComparer.Ordinal),
            WireCodec.Types.Concat(LocalOnly).Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_type_of_the_table_has_an_example() => Assert.Equal(
        WireCodec.Types.Select(type => type.Name).Order(StringComparer.Ordinal),
        WireExamples.All.Select(example => example.Message.GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_change_of_the_table_is_a_new_version_of_the_protocol()
    {
        Assert.Equal(3, ProtocolVersion.Current);
        Assert.Equal(19, WireCodec.Types.Count());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_has_the_bytes_that_it_always_had(string name)
    {
        var message = WireExamples.Named(name);
        var line = $"{name}: {WireCodec.ManifestOf(message)} {Convert.ToHexString(WireCodec.Encode(message))}";

        output.WriteLine(line);
        Assert.Contains(line, Golden);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_comes_back_as_it_was(string name)
    {
        var message = WireExamples.Named(name);

        var back = WireCodec.Decode(WireCodec.ManifestOf(message), WireCodec.Encode(message));

        Assert.Equal(WireText.Of(message), WireText.Of(back));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_cut_short_or_followed_by_something_is_refused(string name)
    {
        var message = WireExamples.Named(name);
        var (manifest, bytes) = (WireCodec.ManifestOf(message), WireCodec.Encode(message));

        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<WireException>(() => WireCodec.Decode(manifest, bytes.AsMemory(0, length)));
        Assert.Throws<WireException>(() => WireCodec.Decode(manifest, (byte[])[.. bytes, 0xc0]));
    }

    /// <summary>What is read after all must be a message: it can be written again, and says the same then.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Damaged_bytes_are_refused_or_are_another_message(string name)
    {
        const ulong Seed = 20261126;
        output.WriteLine($"seed {Seed}");
        var message = WireExamples.Named(name);
        var (manifest, bytes) = (WireCodec.ManifestOf(message), WireCodec.Encode(message));
        var random = new CounterRandom(Seed, (ulong)name.Length);

        for (var i = 0; i < 3000; i++) AssertRefusedOrWhole(manifest, Damaged(bytes, ref random));
    }

    [Fact]
    public void Bytes_of_one_message_read_as_another_are_refused_or_are_one()
    {
        foreach (var (_, message) in WireExamples.All)
        {
            foreach (var other in WireExamples.All) AssertRefusedOrWhole(WireCodec.ManifestOf(other.Message), WireCodec.Encode(message));
        }
    }

    [Theory, InlineData(""), InlineData("XX"), InlineData("System.Object, mscorlib")]
    public void A_manifest_that_the_table_does_not_have_is_refused(string manifest) =>
        Assert.Throws<WireException>(() => WireCodec.Decode(manifest, new byte[] { 0x90 }));

    [Fact]
    public void What_stays_within_a_process_is_refused_by_name()
    {
        var shape = new ModelShape(2, 1);
        var published = new ParametersPublished(new RunId("r"), new Term(1), 1, new Parameters(shape));
        var computed = new ContributionComputed(
            new RunId("r"), new Term(1), new EvaluationId(1), new WorkerId("w"),
            new Contribution(ShardSet.UpTo(1), new EvaluationSums(shape, EvaluationKind.Gradient)));

        Assert.Contains("ParametersPublished", Assert.Throws<WireException>(() => WireCodec.Encode(published)).Message);
        Assert.Contains("ContributionComputed", Assert.Throws<WireException>(() => WireCodec.ManifestOf(computed)).Message);
    }

    [Fact]
    public void A_length_that_is_not_there_takes_no_memory()
    {
        // Lists, bytes and texts of 2³¹ − 1 entries, in every place of a lease.
        var bytes = WireCodec.Encode(WireExamples.Named("lease of entropies"));
        byte[][] claims = [[0xdd, 0x7f, 0xff, 0xff, 0xff], [0xc6, 0x7f, 0xff, 0xff, 0xff], [0xdb, 0x7f, 0xff, 0xff, 0xff]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var claim in claims)
        {
            for (var place = 0; place < bytes.Length; place++)
                AssertRefusedOrWhole("CS", [.. bytes.AsSpan(0, place), .. claim, .. bytes.AsSpan(place + 1)]);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 16 << 20, $"{allocated} bytes");
    }

    [Fact]
    public void A_lease_with_the_penalty_of_many_features_is_to_be_fetched()
    {
        const int FeatureCount = 10_000;
        var penalty = new Penalty(new double[FeatureCount], new double[FeatureCount], new bool[FeatureCount]);
        var request = new EvaluationRequest(EvaluationKind.Online) { Online = new OnlinePass(penalty, 0.5, 64) };
        var lease = (ComputeShards)WireExamples.Named("lease of an online pass") with { Request = request };

        var body = WireCodec.LargeBody(lease);

        Assert.NotNull(body);
        Assert.Equal(WireText.Of(lease), WireText.Of(WireCodec.Decode("CS", InlineBlock.ToBytes(body))));
        Assert.Null(WireCodec.LargeBody(WireExamples.Named("lease of an online pass")));
    }

    [Fact]
    public void The_longest_texts_still_fit_into_a_message()
    {
        var text = new string('語', 100_000);
        var problem = new Problem("DT4001", ExitCode.Input, text, [.. Enumerable.Repeat(text, 100)]);

        var bytes = WireCodec.Encode((ComputeFailed)WireExamples.Named("failed") with { Error = text, Problem = problem });

        Assert.InRange(bytes.Length, 1, WireCodec.MessageBytesMax);
        var back = (ComputeFailed)WireCodec.Decode("CF", bytes);
        Assert.Equal(new string('語', 999) + "…", back.Error);
        Assert.Equal(16, back.Problem!.Details.Length);
    }

    [Fact]
    public void A_text_is_not_cut_within_a_character()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 600));

        var refused = (WorkerRefused)WireExamples.Named("refused") with { Reason = text };

        var back = (WorkerRefused)WireCodec.Decode("WR", WireCodec.Encode(refused));

        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 499)) + "…", back.Reason);
    }

    [Theory]
    [InlineData("http://host:1/path"), InlineData("http://user@host:1"), InlineData("http://host:1/?x=1")]
    [InlineData("file:///etc"), InlineData("host:1"), InlineData("")]
    public void An_address_is_a_host_and_a_port(string address)
    {
        var joining = (WorkerJoining)WireExamples.Named("joining") with { BlockAddress = address };

        Assert.Throws<WireException>(() => WireCodec.Encode(joining));
    }

    [Theory]
    [InlineData("../../etc/passwd"), InlineData(""), InlineData("a/b"), InlineData("a b"), InlineData(".a"), InlineData("ä")]
    public void A_hash_could_be_the_name_of_a_file(string hash) =>
        Assert.Throws<WireException>(() => WireCodec.Encode(new BlockTaken(hash)));

    [Theory]
    [InlineData(""), InlineData("two\nlines"), InlineData("bell\a")]
    public void A_name_is_one_line(string name) =>
        Assert.Throws<WireException>(() => WireCodec.Encode(new WorkerLeaving(new WorkerId(name), 1)));

    [Theory]
    [InlineData(EvaluationKind.Batch), InlineData(EvaluationKind.Entropy), InlineData(EvaluationKind.Online)]
    public void A_request_that_lacks_what_its_kind_asks_for_is_refused(EvaluationKind kind)
    {
        var lease = (ComputeShards)WireExamples.Named("lease of a gradient") with { Request = new EvaluationRequest(kind) };

        var refused = Assert.Throws<WireException>(() => WireCodec.Decode("CS", WireCodec.Encode(lease)));

        Assert.Contains($"kind {kind}", refused.Message);
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(0.0), InlineData(-1.0)]
    public void A_temperature_is_a_number_above_0(double inverse)
    {
        var request = new EvaluationRequest(EvaluationKind.Metrics) { InverseTemperature = inverse };
        var lease = (ComputeShards)WireExamples.Named("lease of a gradient") with { Request = request };

        Assert.Throws<WireException>(() => WireCodec.Decode("CS", WireCodec.Encode(lease)));
    }

    [Fact]
    public void A_kind_that_this_version_does_not_know_is_refused()
    {
        var request = new EvaluationRequest((EvaluationKind)99);
        var lease = (ComputeShards)WireExamples.Named("lease of a gradient") with { Request = request };

        var refused = Assert.Throws<WireException>(() => WireCodec.Decode("CS", WireCodec.Encode(lease)));

        Assert.Contains("EvaluationKind 99", refused.Message);
    }

    static byte[] Damaged(byte[] bytes, ref CounterRandom random)
    {
        var damaged = new List<byte>(bytes);
        for (var change = random.NextInt32(3); change >= 0 && damaged.Count > 0; change--)
        {
            var place = random.NextInt32(damaged.Count);
            switch (random.NextInt32(4))
            {
                case 0: damaged[place] = (byte)random.NextInt32(256); break;
                case 1: damaged[place] ^= (byte)(1 << random.NextInt32(8)); break;
                case 2: damaged.RemoveAt(place); break;
                default: damaged.Insert(place, (byte)random.NextInt32(256)); break;
            }
        }
        return [.. damaged];
    }

    static void AssertRefusedOrWhole(string manifest, byte[] bytes)
    {
        IProtocolMessage message;
        try
        {
            message = WireCodec.Decode(manifest, bytes);
        }
        catch (WireException refused)
        {
            Assert.NotEmpty(refused.Message);
            return;
        }
        Assert.Equal(WireText.Of(message), WireText.Of(WireCodec.Decode(manifest, WireCodec.Encode(message))));
    }
}

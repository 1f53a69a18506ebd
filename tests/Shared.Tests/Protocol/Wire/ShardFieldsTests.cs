using DistTrain.Protocol;
using DistTrain.Protocol.Wire;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Protocol.Wire;

/// <summary>Sets of shards, seen through a message that has one.</summary>
public sealed class ShardFieldsTests
{
    /// <summary>Bytes of a message about no shard.</summary>
    static readonly int EmptyBytes = WireCodec.Encode(Message(ShardSet.Empty)).Length;

    [Theory]
    [InlineData(0, 1, 1), InlineData(0, 64, 1), InlineData(0, 1_000_000, 1), InlineData(63, 2, 1), InlineData(1, 500, 2)]
    [InlineData(7, 300, 3), InlineData(1_048_575, 1, 1), InlineData(5, 1000, 97)]
    public void A_set_comes_back(int first, int count, int stride)
    {
        var shards = WireExamples.Shards(Enumerable.Range(0, count).Select(i => first + i * stride).Where(index => index < 1 << 20));

        Assert.Equal(shards, Back(shards));
    }

    [Theory]
    [InlineData(0, 100, 1, 2), InlineData(0, 100_000, 1, 4), InlineData(1000, 16, 1, 3), InlineData(1, 512, 2, 128)]
    public void A_set_is_written_in_few_bytes(int first, int count, int stride, int bytes)
    {
        var shards = WireExamples.Shards(Enumerable.Range(0, count).Select(i => first + i * stride));

        Assert.InRange(WireCodec.Encode(Message(shards)).Length - EmptyBytes, 1, bytes + 1);
    }

    [Fact]
    public void Equal_sets_have_equal_bytes_however_they_were_made()
    {
        var made = ShardSet.UpTo(1000).Except(WireExamples.Shards(Enumerable.Range(3, 997)));

        Assert.Equal(WireCodec.Encode(Message(ShardSet.UpTo(3))), WireCodec.Encode(Message(made)));
    }

    [Fact]
    public void A_shard_beyond_the_last_is_refused_when_written() =>
        Assert.Throws<WireException>(() => WireCodec.Encode(Message(WireExamples.Shards(1 << 20))));

    [Theory]
    [InlineData("00FFFF7F00"), InlineData("00008080C000"), InlineData("0000"), InlineData("000080"), InlineData("0000000000")]
    [InlineData("02"), InlineData(""), InlineData("01FF"), InlineData("0080808000")]
    public void What_is_no_set_is_refused(string set)
    {
        var bytes = WireCodec.Encode(Message(ShardSet.Empty));
        var given = Convert.FromHexString(set);
        byte[] other = [.. bytes.AsSpan(0, bytes.Length - 4), 0xc4, (byte)given.Length, .. given, 0xc0];

        var refused = Assert.Throws<WireException>(() => WireCodec.Decode("WJ", other));

        Assert.DoesNotContain("fields", refused.Message);
    }

    static ShardSet Back(ShardSet shards) => ((WorkerJoining)WireCodec.Decode("WJ", WireCodec.Encode(Message(shards)))).Cached;

    /// <summary>The set is the last field but one, which is nothing.</summary>
    static WorkerJoining Message(ShardSet shards) => new(new WorkerId("w"), 1, 2, "a", 1) { Cached = shards };
}

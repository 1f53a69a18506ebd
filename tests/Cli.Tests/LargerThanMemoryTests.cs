using DistTrain.Cli.Tests.Testing;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Compute;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>--memory-limit below what all rows take: the same files, the same bits, or a refusal that says what helps.</summary>
public sealed class LargerThanMemoryTests : IDisposable
{
    /// <summary>12 MB of dense rows.</summary>
    const string Sample = "dense,rows=80000,features=32,classes=3";

    /// <summary>6 MB in few bytes.</summary>
    const string Sparse = "sparse,rows=150000,features=2000,nonzeros=30";

    /// <summary>The program itself is counted with 96 MiB: what is left does not hold all rows.</summary>
    const string Small = "--memory-limit 105MiB";

    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData("", 1), InlineData("--validation 0.3 --shards 20 --seed 7", 2)]
    public async Task Text_larger_than_memory_is_prepared_into_the_same_bytes(string options, int threads)
    {
        using var parallel = new ThreadedFor(threads);
        (await _cli.Run($"sample {Sample} --out d.csv")).Done();

        (await _cli.Run($"prepare d.csv {options} --out whole")).Done();
        var grouped = (await _cli.Run($"prepare d.csv {options} --out grouped {Small}", WithThreads)).Done();

        Assert.Contains("and the text is read for each: all rows are more than it holds", grouped.Error, StringComparison.Ordinal);
        AssertSameFiles("whole", "grouped");

        CliEnvironment WithThreads(CliEnvironment environment) => environment with { Parallel = parallel };
    }

    [Theory, InlineData("", 1), InlineData("--validation 0.3 --shards 20 --seed 7", 2)]
    public async Task Libsvm_larger_than_memory_is_prepared_into_the_same_bytes(string options, int threads)
    {
        using var parallel = new ThreadedFor(threads);
        (await _cli.Run($"sample {Sparse} --out s.svm")).Done();

        (await _cli.Run($"prepare s.svm {options} --out whole")).Done();
        var grouped = (await _cli.Run($"prepare s.svm {options} --out grouped --memory-limit 116MiB", WithThreads)).Done();

        Assert.Contains("and the text is read for each: all rows are more than it holds", grouped.Error, StringComparison.Ordinal);
        AssertSameFiles("whole", "grouped");

        CliEnvironment WithThreads(CliEnvironment environment) => environment with { Parallel = parallel };
    }

    [Theory, InlineData("", true), InlineData("--folds 2", false), InlineData("--optimizer adam", false)]
    public async Task Training_on_libsvm_larger_than_memory_is_refused_and_preparing_it_helps_where_it_does(string options, bool helps)
    {
        (await _cli.Run($"sample {Sparse} --out s.svm")).Done();

        var refused = await _cli.Run($"train s.svm --workers 2 {options} --memory-limit 118MiB");

        Assert.Equal(ExitCode.Resources, refused.Code);
        Assert.StartsWith("error DT9004: memory will not suffice: ", refused.Error, StringComparison.Ordinal);
        Assert.Equal(helps, refused.Error.Contains("fix: disttrain prepare s.svm --out DIR, then train DIR", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1 7:1 3:1", "DT4304: s.svm:150001:7: index 3 comes after 7")]
    [InlineData("1 3:1 3:1", "DT4304: s.svm:150001:7: index 3 occurs twice")]
    [InlineData("1 3:x", "DT4301: s.svm:150001:3: \"3:x\" is not index:value")]
    [InlineData("3:1", "DT4302: s.svm:150001:1: the line starts without a label")]
    public async Task Malformed_libsvm_larger_than_memory_is_refused_at_its_place(string line, string expected)
    {
        (await _cli.Run($"sample {Sparse} --out s.svm")).Done();
        await File.AppendAllTextAsync(_cli.PathOf("s.svm"), line + "\n");

        var refused = await _cli.Run("prepare s.svm --out d --memory-limit 116MiB");

        Assert.Equal(ExitCode.Input, refused.Code);
        Assert.StartsWith($"error {expected}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_rows_larger_than_memory_are_prepared_into_the_same_bytes()
    {
        const string Larger = "sample:dense,rows=150000,features=100,classes=3";

        (await _cli.Run($"prepare {Larger} --out whole")).Done();
        var streamed = (await _cli.Run($"prepare {Larger} --out streamed --memory-limit 260MiB")).Done();

        Assert.Contains("shards are made one after the other", streamed.Error, StringComparison.Ordinal);
        AssertSameFiles("whole", "streamed");
    }

    [Theory, InlineData("lbfgs"), InlineData("lbfgs --folds 2")]
    public async Task Training_on_text_larger_than_memory_is_refused(string options)
    {
        (await _cli.Run($"sample {Sample} --out d.csv")).Done();

        var refused = await _cli.Run($"train d.csv --optimizer {options} --memory-limit 107MiB");

        Assert.Equal(ExitCode.Resources, refused.Code);
        Assert.StartsWith("error DT9004: memory will not suffice: ", refused.Error, StringComparison.Ordinal);
        Assert.Equal(
            options == "lbfgs", refused.Error.Contains("fix: disttrain prepare d.csv --out DIR, then train DIR", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Training_on_files_that_are_more_than_memory_gives_the_same_bits()
    {
        const string Training = "--max-steps 4 --workers 2 --json --quiet";
        (await _cli.Run("prepare sample:dense,rows=115000,features=256,classes=3 --out d --quiet")).Done();

        var whole = (await _cli.Run($"train d {Training} --out a")).Done();
        var streamed = (await _cli.Run($"train d {Training} --out b --memory-limit 108MiB")).Done();

        Assert.True(new DirectoryInfo(_cli.PathOf("d")).EnumerateFiles().Sum(file => file.Length) > 108 << 20);
        foreach (var field in new[] { "parametersSha256", "objective", "training", "validation", "suboptimalityBound" })
            Assert.Equal(whole.Json.GetProperty(field).ToString(), streamed.Json.GetProperty(field).ToString());
    }

    void AssertSameFiles(string one, string other)
    {
        var names = Directory.GetFiles(_cli.PathOf(one)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(names, Directory.GetFiles(_cli.PathOf(other)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (var name in names)
            Assert.True(File.ReadAllBytes(_cli.PathOf($"{one}/{name}")).AsSpan().SequenceEqual(File.ReadAllBytes(_cli.PathOf($"{other}/{name}"))), name);
    }
}

using DistTrain.Cli.Tests.Testing;
using Xunit.Abstractions;

namespace DistTrain.Cli.Tests;

/// <summary>The figures of two independent double-precision solvers on the nursery table.</summary>
public sealed class NurseryTests(ITestOutputHelper output) : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData("1e-4", 0.1931649, 0.92693), InlineData("1e-2", 0.4659560, null)]
    public async Task The_optimum_is_found(string l2, double objective, double? accuracy)
    {
        if (SharedData.Find("nursery/nursery.csv", output) is not { } path) return;

        var result = (await _cli.Run($"train {path} --label class --validation 0 --l2 {l2} --tolerance 1e-7 --json")).Done().Json;

        Assert.Equal(objective, result.GetProperty("objective").GetDouble(), 2e-7);
        Assert.Equal(27, result.GetProperty("features").GetInt32());
        Assert.True(result.GetProperty("objective").GetDouble() - objective <= result.GetProperty("suboptimalityBound").GetDouble() + 5e-8);
        if (accuracy is { } share) Assert.Equal(share, result.GetProperty("training").GetProperty("accuracy").GetDouble(), 1e-5);
    }

    [Fact]
    public async Task Evaluating_the_training_file_gives_what_training_reported()
    {
        if (SharedData.Find("nursery/nursery.csv", output) is not { } path) return;
        var trained = (await _cli.Run($"train {path} --validation 0 --max-steps 8 --json --out n")).Done().Json.GetProperty("training");

        var judged = (await _cli.Run($"evaluate n {path} --json")).Done().Json;

        foreach (var field in (string[])["logLoss", "accuracy", "macroF1"])
            Assert.Equal(trained.GetProperty(field).GetDouble(), judged.GetProperty(field).GetDouble(), 1e-12);
    }
}

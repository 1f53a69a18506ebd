using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests.Training;

public sealed class RunWarningsTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Separable_data_without_a_penalty_is_warned_of()
    {
        _cli.Write("train.csv", "colour,label\n" + string.Concat(Enumerable.Repeat("red,like\nblue,dislike\n", 12)));

        var result = (await _cli.Run("train train.csv --l2 0 --quiet --json --workers 1")).Done();

        Assert.StartsWith("warning DT6003: there is no optimum without a penalty: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("DT6003", result.Json.GetProperty("warnings")[0].GetProperty("code").GetString());
    }
}

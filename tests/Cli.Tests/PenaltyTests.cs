using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>The options of the penalties, from the command line to the model.</summary>
public sealed class PenaltyTests : IDisposable
{
    readonly CliFolder _cli = new();

    public PenaltyTests() => _cli.Write("taste.csv", SmallInput.Csv(600));

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task L1_makes_zeros_and_the_model_says_so()
    {
        var train = (await _cli.Run("train taste.csv --l1 0.02 --l2 0 --standardize --json")).Done();
        var inspect = (await _cli.Run("inspect runs/taste-1")).Done();

        Assert.True(train.Json.GetProperty("suboptimalityBound").GetDouble() >= 0);
        Assert.Equal("tolerance", train.Json.GetProperty("stoppedBy").GetString());
        Assert.Contains("lbfgs, l2 0, l1 0.02, standardized, seed 1", inspect.Output, StringComparison.Ordinal);
        using var options = JsonDocument.Parse(_cli.Read("runs/taste-1/options.json"));
        Assert.Equal(0.02, options.RootElement.GetProperty("options").GetProperty("l1").GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_factor_of_a_million_leaves_nothing_of_a_column()
    {
        _cli.Write("factors.csv", "feature,factor\ncolour,1e6\n");

        var with = (await _cli.Run("train taste.csv --penalty-file factors.csv --json")).Done();
        var without = (await _cli.Run("train taste.csv --json")).Done();

        Assert.True(with.Json.GetProperty("objective").GetDouble() > without.Json.GetProperty("objective").GetDouble() + 1e-3);
        Assert.Contains("factors by feature", (await _cli.Run("inspect runs/taste-1")).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Factors_hold_in_every_fold_whatever_levels_it_has()
    {
        _cli.Write("factors.csv", "feature,factor\nsize,0.5\ncolour=once,7\n");
        _cli.Write("rare.csv", _cli.Read("taste.csv") + "once,1,1,like\n");

        var result = await _cli.Run("train rare.csv --validation 0 --folds 3 --penalty-file factors.csv --max-steps 5");

        result.Done();
        Assert.Contains("fold 3/3", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_names_no_feature_is_refused_before_there_is_a_run()
    {
        _cli.Write("factors.csv", "feature,factor\ncolor,2\ncolour=rde,x\n");

        var result = await _cli.Run("train taste.csv --penalty-file factors.csv");

        Assert.Equal(ExitCode.Input, result.Code);
        Assert.Contains("error DT4602: factors.csv:3:12: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("error DT4604: factors.csv:2: \"color\" is neither a column nor a feature", result.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean \"colour\"?", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_cli.Root, "runs")));
    }

    [Fact]
    public async Task Gradient_descent_takes_at_most_200_steps()
    {
        var train = (await _cli.Run("train taste.csv --optimizer gd --json --tolerance 0")).Done();

        Assert.Equal("gd", train.Json.GetProperty("optimizer").GetString());
        Assert.InRange(train.Json.GetProperty("steps").GetInt32(), 1, 200);
    }

    [Fact]
    public async Task A_negative_penalty_is_refused()
    {
        var result = await _cli.Run("train taste.csv --l1 -1");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith("error DT3001: --l1 is -1\n  expected: a number of at least 0\n", result.Error, StringComparison.Ordinal);
    }
}

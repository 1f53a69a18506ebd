namespace DistTrain.FaultHarness.Tests.Harness;

public sealed class HarnessOptionsTests
{
    [Fact]
    public void Nothing_typed_is_the_short_mode_with_seed_1()
    {
        var options = HarnessOptions.Parse([])!;

        Assert.Equal((1, false), (options.Seed, options.IsLong));
        Assert.Equal(["compare", "disturb"], SuitesOf(options));
    }

    [Fact]
    public void Everything_typed_is_taken()
    {
        var typed = "--seed 7 --long --suite succeed,schism --report r.json --nursery n.csv --keep kept --slack 3";
        var options = HarnessOptions.Parse(typed.Split(' '))!;

        Assert.Equal((7, true, "r.json", "n.csv", "kept"), (options.Seed, options.IsLong, options.Report, options.Nursery, options.Keep));
        Assert.Equal(3, options.Slack);
        Assert.Equal(["succeed", "schism"], SuitesOf(options));
    }

    [Fact]
    public void The_long_mode_has_candidates_that_take_over_but_nothing_that_needs_root() =>
        Assert.Equal(["compare", "disturb", "succeed"], SuitesOf(HarnessOptions.Parse(["--long"])!));

    [Theory, InlineData("--seed"), InlineData("--seed", "x"), InlineData("--suite", "none"), InlineData("--unknown", "1"), InlineData("--slack", "0")]
    public void Anything_else_is_refused(params string[] arguments) => Assert.Null(HarnessOptions.Parse(arguments));

    static IEnumerable<string> SuitesOf(HarnessOptions options) =>
        new[] { "compare", "disturb", "succeed", "partition", "schism" }.Where(options.Runs);
}

namespace DistTrain.FaultHarness.Tests.Harness;

public sealed class HarnessOptionsTests
{
    [Fact]
    public void Nothing_typed_is_the_short_mode_with_seed_1() =>
        Assert.Equal(new HarnessOptions(1, false, "all", null, null, null), HarnessOptions.Parse([]));

    [Fact]
    public void Everything_typed_is_taken() =>
        Assert.Equal(
            new HarnessOptions(7, true, "disturb", "r.json", "n.csv", "kept"),
            HarnessOptions.Parse("--seed 7 --long --suite disturb --report r.json --nursery n.csv --keep kept".Split(' ')));

    [Theory, InlineData("--seed"), InlineData("--seed", "x"), InlineData("--suite", "none"), InlineData("--unknown", "1")]
    public void Anything_else_is_refused(params string[] arguments) => Assert.Null(HarnessOptions.Parse(arguments));
}

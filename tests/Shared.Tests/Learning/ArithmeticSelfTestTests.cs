using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Learning;

public sealed class ArithmeticSelfTestTests
{
    [Fact]
    public void The_hash_is_the_same_every_time()
    {
        var hash = ArithmeticSelfTest.Hash();
        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.Equal(hash, ArithmeticSelfTest.Hash());
    }

    [Fact]
    public void A_machine_that_runs_these_tests_is_supported() => Assert.True(ArithmeticSelfTest.IsSupported);
}

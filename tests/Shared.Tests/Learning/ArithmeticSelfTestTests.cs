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

    [Theory, InlineData(2), InlineData(3), InlineData(7), InlineData(40)]
    public void A_rehearsal_goes_through_for_any_number_of_classes_and_leaves_the_hash_as_it_is(int classes)
    {
        var hash = ArithmeticSelfTest.Hash();
        ArithmeticSelfTest.Rehearse(classes);
        Assert.Equal(hash, ArithmeticSelfTest.Hash());
    }

    [Fact]
    public void A_machine_that_runs_these_tests_is_supported() => Assert.True(ArithmeticSelfTest.IsSupported);
}

using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

public sealed class ClassWeightingTests
{
    /// <summary>Example weights 1, 5 and 2 of three classes.</summary>
    static readonly PlainProblem Problem = new([[1], [2], [3], [4]], [0, 1, 1, 2], [1, 2, 3, 2], 3);

    [Fact]
    public void None_is_no_weights() => Assert.Empty(ClassWeighting.None.Of(Problem.Manifest()));

    [Fact]
    public void Balanced_weights_make_every_class_weigh_the_same()
    {
        var weights = ClassWeighting.Balanced.Of(Problem.Manifest());

        Assert.Equal([(float)(8 / 3.0), (float)(8 / 15.0), (float)(8 / 6.0)], weights.Select(weight => (float)weight));
    }

    [Fact]
    public void Weights_are_rounded_to_32_bits() =>
        Assert.Equal([(double)0.1f, (double)0.3f, 1], ClassWeighting.Given([0.1, 0.3, 1]).Of(Problem.Manifest()).AsEnumerable());

    [Fact]
    public void Of_a_class_list_the_active_classes_weights_are_taken()
    {
        var manifest = Problem.Manifest() with { InactiveClasses = [1, 3] };

        Assert.Equal([2, 4, 8], ClassWeighting.Given([2, 3, 4, 5, 8]).Of(manifest).AsEnumerable());
    }

    [Fact]
    public void Weights_that_are_all_1_are_none() => Assert.Empty(ClassWeighting.Given([1, 1, 1]).Of(Problem.Manifest()));
}

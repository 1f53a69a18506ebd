using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Learning;

public sealed class ParametersTests
{
    static readonly ModelShape Shape = new(2, 3);

    /// <summary>Class 0: 1, 2, 3; class 1: 4, 5, 6; intercepts 7, 8.</summary>
    static readonly Parameters Numbers = new(Shape, [1, 2, 3, 4, 5, 6, 7, 8]);

    [Fact]
    public void Weights_are_read_by_feature()
    {
        var weights = new double[6];
        Numbers.Read([3, 0, 2], weights);
        Assert.Equal([7, 8, 1, 4, 3, 6], weights);
    }

    [Fact]
    public void A_source_gives_the_same_numbers()
    {
        var sourced = new Parameters(Shape, new Passing(Numbers));
        var weights = new double[2];
        sourced.Read([1], weights);

        Assert.Equal([2, 5], weights);
        Assert.Equal(Numbers.Values, sourced.Values);
        Assert.Equal([7, 8], sourced.Intercepts.ToArray());
    }

    [Fact]
    public void Being_the_same_is_being_one_object_or_one_array()
    {
        var sourced = new Parameters(Shape, new Passing(Numbers));

        Assert.True(Numbers.IsSameAs(new Parameters(Shape, Numbers.Values)));
        Assert.False(Numbers.IsSameAs(new Parameters(Shape, [.. Numbers.Values])));
        Assert.False(Numbers.IsSameAs(null));
        Assert.True(sourced.IsSameAs(sourced));
        Assert.False(sourced.IsSameAs(new Parameters(Shape, new Passing(Numbers))));
    }

    sealed class Passing(Parameters parameters) : IWeightSource
    {
        public void Read(ReadOnlySpan<int> features, Span<double> weights) => parameters.Read(features, weights);
    }
}

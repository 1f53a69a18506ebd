using CsCheck;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

public sealed class CenteringTests
{
    static readonly ModelShape Shape = new(ClassCount: 2, FeatureCount: 3);

    static readonly Gen<double> Number = Gen.Select(Gen.Double[-1, 1], Gen.Int[-30, 30], (x, exponent) => Math.ScaleB(x, exponent));

    static readonly Gen<(double[] Values, float[] Centers)> Any =
        Gen.Select(Number.Array[8], Number.Select(x => (float)x).Array[3]);

    [Fact]
    public void The_model_speaks_of_features_as_the_user_has_them()
    {
        var held = new Parameters(Shape, [1, 2, 3, -1, 0, 0.5, 10, 20]);

        var model = Centering.ToModel(held, [100, 0, 2]);

        Assert.Equal([1, 2, 3, -1, 0, 0.5, 10 - 106, 20 + 99], model.Values);
        Assert.Equal(held.Values, Centering.FromModel(model, [100, 0, 2]).Values);
        Assert.Equal(10, held.Intercepts[0]);
    }

    [Fact]
    public void What_has_settled_comes_back_from_the_model_file_bit_for_bit() =>
        Any.Sample((values, centers) =>
        {
            var settled = new Parameters(Shape, [.. values]);
            Centering.Settle(settled, centers);
            var model = Centering.ToModel(settled, centers);
            var read = Centering.FromModel(model, centers);
            return read.Values.AsSpan().SequenceEqual(settled.Values)
                && Centering.ToModel(read, centers).Values.AsSpan().SequenceEqual(model.Values);
        }, seed: "0000000000001", iter: 20_000);

    [Fact]
    public void Centring_over_the_classes_leaves_differences_of_logits_and_sums_of_zero()
    {
        var parameters = new Parameters(Shape, [1, 2, 3, -1, 0, 0.5, 10, 20]);

        Centering.AcrossClasses(parameters, Penalty.Of(Statistics, l2: 1));

        Assert.Equal([1, 1, 1.25, -1, -1, -1.25, -5, 5], parameters.Values);
    }

    [Fact]
    public void Features_with_L1_are_not_centred_over_the_classes()
    {
        var parameters = new Parameters(Shape, [1, 2, 3, 0, 0, 0.5, 10, 20]);

        Centering.AcrossClasses(parameters, Penalty.Of(Statistics, l2: 1, l1: 1, factors: [1, 0, 1]));

        Assert.Equal([1, 1, 3, 0, -1, 0.5, -5, 5], parameters.Values);
    }

    static TrainingStatistics Statistics { get; } =
        new SlowEvaluator(PlainProblem.Random(seed: 1, rowCount: 10, featureCount: 3, classCount: 2)).Statistics;
}

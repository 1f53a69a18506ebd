using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

public sealed class PenaltyTests
{
    // By weight, column 0 has mean 1 and variance 3, column 1 is constant, column 2 is 0 or 1 with variance 3/16.
    static readonly PlainProblem Problem = new([[4, 7, 1], [0, 7, 0], [0, 7, 0]], [0, 1, 0], [1, 2, 1], 2);

    static Penalty Of(double l2, double l1, bool standardize = false, params double[] factors) =>
        Penalty.Of(new SlowEvaluator(Problem).Statistics, l2, l1, standardize, factors);

    [Fact]
    public void It_is_half_the_squares_times_lambda2_and_the_absolute_values_times_lambda1()
    {
        var penalty = Of(l2: 0.5, l1: 0.25);

        Assert.Equal(0.25 * (4 + 1) + 0.25 * (2 + 1), penalty.AddTo(new double[6], [2, 0, 0, -1, 0, 0], ..));
        Assert.Equal(0.25 * (4 + 1) + 0.25 * (2 + 1), penalty.Of([2, 0, 0, -1, 0, 0], ..));
        Assert.Equal(0.25 * 1 + 0.25 * 1, penalty.Of([2, 0, 0, 0, 0, 1], 1..));
    }

    [Fact]
    public void Standardised_it_acts_on_the_coefficients_of_scaled_columns()
    {
        var penalty = Of(l2: 0.5, l1: 0.25, standardize: true);

        Assert.Equal([1.5, 0, 0.5 * 3 / 16], penalty.L2);
        Assert.Equal(0.25 * Math.Sqrt(3), penalty.L1[0], 1e-15);
        Assert.Equal(0.25 * Math.Sqrt(3) / 4, penalty.L1[2], 1e-15);
    }

    [Fact]
    public void Factors_are_in_the_schemas_order_and_multiply_both()
    {
        var manifest = Problem.Manifest();
        manifest = manifest with { Layout = manifest.Layout with { SchemaFeatures = [2, 0, 1] } };

        var penalty = Penalty.Of(TrainingStatistics.Of(manifest, Targets.Plain), l2: 1, l1: 10, factors: [3, 5, 0]);

        Assert.Equal([0, 3, 5], penalty.L2);
        Assert.Equal([0, 30, 50], penalty.L1);
    }

    [Fact]
    public void The_smooth_gradient_is_lambda2_W_and_none_along_a_constant_column()
    {
        double[] gradient = [1, 1, 1, -1, -1, -1];

        Of(l2: 0.5, l1: 7).AddTo(gradient, [2, 0, 0, -2, 0, 4], ..);

        Assert.Equal([2, 0, 1, -2, 0, 1], gradient);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 0, true)]
    [InlineData(0, 1, true)]
    public void It_is_on_all_features_where_either_lambda_is(double l2, double l1, bool expected) =>
        Assert.Equal(expected, Of(l2, l1).IsOnAllFeatures);

    [Fact]
    public void A_constant_column_needs_no_penalty_others_do()
    {
        Assert.True(Of(1, 0, false, 1, 0, 1).IsOnAllFeatures);
        Assert.False(Of(1, 0, false, 0, 1, 1).IsOnAllFeatures);
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(Of(1, 0).IsConstant));
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e30f)]
    public void Constant_is_what_varies_no_more_than_rounding_whatever_its_size(float size)
    {
        var constant = new PlainProblem(
            [.. Enumerable.Repeat<double[]>([size * 0.1f, size * 0.1f], 1000)], [.. Enumerable.Range(0, 1000).Select(i => i % 2)], 2);
        constant.Features[7] = [size * 0.1f, size * 0.1001f];

        var penalty = Penalty.Of(new SlowEvaluator(constant).Statistics, 1);

        Assert.True(penalty.IsConstant(0));
        Assert.False(penalty.IsConstant(1));
    }

    [Fact]
    public void Intercepts_have_none() =>
        Assert.Equal([2, 2, 2, 2, 2, 2, 0, 0], Of(0, 2).L1OfParameters(new ModelShape(2, 3)));
}

using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public sealed class PinnedMathTests
{
    const ulong Seed = 81;

    [Fact]
    public void Exp_in_double_is_within_two_units_in_the_last_place() =>
        AssertUlps(PinnedMath.Exp, Math.Exp, -708, 709, ulps: 2);

    [Fact]
    public void Log_in_double_is_within_two_units_in_the_last_place()
    {
        AssertUlps(PinnedMath.Log, Math.Log, 0, 100, ulps: 2);
        AssertUlps(x => PinnedMath.Log(1 + x), x => Math.Log(1 + x), -0.3, 0.4, ulps: 2);
        AssertUlps(x => PinnedMath.Log(Math.ScaleB(1.3, (int)x)), x => Math.Log(Math.ScaleB(1.3, (int)x)), -1070, 1020, ulps: 2);
    }

    [Fact]
    public void Cos_of_turns_is_right_to_the_last_digits() =>
        AssertClose(PinnedMath.CosOfTurns, x => Math.Cos(2 * Math.PI * x), -3, 3, absolute: 6e-15);

    [Fact]
    public void Exp_of_numbers_up_to_0_in_double_is_within_two_units_in_the_last_place()
    {
        AssertUlps(x => PinnedMath.ExpToOne(Vector256.Create(x))[0], Math.Exp, -707.9, 0, ulps: 2);
        AssertUlps(x => PinnedMath.ExpToOne(Vector256.Create(x))[0], Math.Exp, -2, 0, ulps: 2);
    }

    [Theory]
    [InlineData(0, 1), InlineData(-0.0, 1), InlineData(-1e-20, 1), InlineData(-708.1, 0), InlineData(-1e300, 0), InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Exp_of_numbers_up_to_0_in_double_at_the_edges(double x, double expected)
    {
        var lanes = PinnedMath.ExpToOne(Vector256.Create(-1, x, -2, x));
        Assert.Equal(expected, lanes[1]);
        Assert.Equal(expected, lanes[3]);
    }

    [Fact]
    public void Exp_in_float_is_within_two_units_in_the_last_place() =>
        AssertFloatUlps(x => PinnedMath.ExpToOne(Vector256.Create(x))[0], Math.Exp, -87.3, 0, ulps: 2);

    [Fact]
    public void Log_in_float_is_within_two_units_in_the_last_place()
    {
        AssertFloatUlps(x => PinnedMath.Log(Vector256.Create(x))[0], Math.Log, 1, 1000, ulps: 2);
        AssertFloatUlps(x => PinnedMath.Log(Vector256.Create(x))[0], Math.Log, 1e-30, 0.9, ulps: 2);
    }

    [Theory]
    [InlineData(0, 1), InlineData(double.NegativeInfinity, 0), InlineData(-746, 0), InlineData(710, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity), InlineData(double.NaN, double.NaN)]
    public void Exp_in_double_at_the_edges(double x, double expected) => Assert.Equal(expected, PinnedMath.Exp(x));

    [Theory]
    [InlineData(1, 0), InlineData(0, double.NegativeInfinity), InlineData(-1, double.NaN), InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Log_in_double_at_the_edges(double x, double expected) => Assert.Equal(expected, PinnedMath.Log(x));

    [Fact]
    public void Exp_of_subnormal_results_is_near_the_truth()
    {
        for (var x = -745.0; x < -708.4; x += 0.37) Assert.Equal(Math.Exp(x), PinnedMath.Exp(x), 2 * double.Epsilon);
    }

    [Theory]
    [InlineData(0f, 1f), InlineData(-1e-9f, 1f), InlineData(-88f, 0f), InlineData(-1e4f, 0f), InlineData(float.NegativeInfinity, 0f), InlineData(float.NaN, float.NaN)]
    public void Exp_in_float_at_the_edges(float x, float expected) => Assert.Equal(expected, PinnedMath.ExpToOne(Vector256.Create(x))[0]);

    [Fact]
    public void All_eight_lanes_give_the_same_bits()
    {
        var random = new CounterRandom(Seed, 5);
        for (var i = 0; i < 1000; i++)
        {
            var x = (float)(-20 * random.NextDouble());
            var lanes = PinnedMath.ExpToOne(Vector256.Create(x, -1, -2, -3, -4, -5, -6, x));
            Assert.Equal(lanes[0], lanes[7]);
            Assert.Equal(PinnedMath.ExpToOne(Vector256.Create(x)), Vector256.Create(lanes[0]));
        }
    }

    [Fact]
    public void Four_lanes_have_the_bits_of_the_scalar_form()
    {
        double[] edges = [0, -0.0, 1, -1, -745.2, -745.1, -708.5, 709.78, 710, double.NegativeInfinity, double.PositiveInfinity, double.NaN];
        foreach (var x in edges) AssertSame(PinnedMath.Exp(x), PinnedMath.Exp(Vector256.Create(x)));
        Sample(-760, 720, x => AssertSame(PinnedMath.Exp(x), PinnedMath.Exp(Vector256.Create(x))));
        Sample(-2, 2, x => AssertSame(PinnedMath.Exp(x), PinnedMath.Exp(Vector256.Create(x))));
        foreach (var x in (double[])[double.Epsilon, 1e-310, 2.2250738585072014e-308, 1, 1e-300, double.MaxValue])
            AssertSame(PinnedMath.Log(x), PinnedMath.Log(Vector256.Create(x)));
        Sample(-700, 700, power => AssertSame(PinnedMath.Log(Math.Exp(power)), PinnedMath.Log(Vector256.Create(Math.Exp(power)))));
    }

    static void AssertSame(double expected, Vector256<double> actual)
    {
        for (var lane = 0; lane < 4; lane++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual.GetElement(lane)));
    }

    static void AssertUlps(Func<double, double> ours, Func<double, double> theirs, double low, double high, int ulps) =>
        Sample(low, high, x =>
        {
            var (expected, actual) = (theirs(x), ours(x));
            var ulp = Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected);
            Assert.True(Math.Abs(actual - expected) <= ulps * ulp, $"at {x:R}: {actual:R} against {expected:R}");
        });

    static void AssertFloatUlps(Func<float, float> ours, Func<double, double> theirs, double low, double high, int ulps) =>
        Sample(low, high, sampled =>
        {
            var x = (float)sampled;
            var (expected, actual) = (theirs(x), ours(x));
            var ulp = MathF.BitIncrement((float)Math.Abs(expected)) - (float)Math.Abs(expected);
            Assert.True(Math.Abs(actual - expected) <= ulps * (double)ulp, $"at {x:R}: {actual:R} against {expected:R}");
        });

    static void AssertClose(Func<double, double> ours, Func<double, double> theirs, double low, double high, double absolute) =>
        Sample(low, high, x => Assert.Equal(theirs(x), ours(x), absolute));

    static void Sample(double low, double high, Action<double> check)
    {
        var random = new CounterRandom(Seed, 4);
        for (var i = 0; i < 100_000; i++) check(low + (high - low) * random.NextDouble());
    }
}

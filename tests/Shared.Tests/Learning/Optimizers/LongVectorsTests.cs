using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class LongVectorsTests
{
    /// <summary>Three whole pieces and one of seven numbers.</summary>
    const int Length = 3 * LongVectors.PieceLength + 7;

    static readonly double[] A = Numbers(1);
    static readonly double[] B = Numbers(2);
    static readonly double[] C = Numbers(3);
    static readonly float[] NarrowA = [.. A.Select(x => (float)x)];
    static readonly float[] NarrowC = [.. C.Select(x => (float)x)];
    static readonly LongVectors Backwards = new(new BackwardsFor());

    [Fact]
    public void Sums_are_those_of_one_number_after_the_other_to_the_last_digits()
    {
        var (product, size) = LongVectors.Serial.DotAndSize(NarrowA, NarrowC);
        Assert.Equal(NarrowA.Zip(NarrowC, (a, c) => Math.Abs((double)a * c)).Sum(), size, 1e-12 * size);
        Assert.Equal(NarrowA.Zip(NarrowC, (a, c) => (double)a * c).Sum(), product, 1e-12 * size);
        Assert.Equal(A.Zip(B, (a, b) => a * b).Sum(), LongVectors.Serial.Dot(A, B), 1e-12 * size);
        Assert.Equal(NarrowA.Zip(B, (a, b) => a * b).Sum(), LongVectors.Serial.Dot(NarrowA, B), 1e-12 * size);
        Assert.Equal(A.Zip(B.Zip(C, (b, c) => b - c), (a, step) => a * step).Sum(), LongVectors.Serial.DotDifference(A, B, C), 1e-12 * size);
        Assert.Equal(A.Zip(B, (a, b) => Math.Abs(a) / Math.Abs(b)).Max(), LongVectors.Serial.MaxRatio(A, [.. B.Select(Math.Abs)]));
    }

    [Fact]
    public void A_scaled_vector_is_added_but_to_coordinates_that_are_held()
    {
        double[] y = [10, 10, 10, 10, 10];
        Assert.Equal(
            12.0 + 18, LongVectors.Serial.AddScaledAndDot([1, 2, 3, 4, 5], 2, y, [1, 0, 1, 1, -1], [true, true, false, true, false]));
        Assert.Equal([12.0, 14, 0, 18, 0], y);
    }

    [Fact]
    public void Coordinates_that_are_held_become_zero_and_count_nowhere()
    {
        var free = A.Select(a => a > -0.5).ToArray();
        var (y, scaled) = (B.ToArray(), new double[Length]);

        var dot = LongVectors.Serial.AddScaledAndDot(NarrowA, 0.1, y, NarrowC, free);
        LongVectors.Serial.Scale(A, 3, scaled, free);
        var (product, size) = LongVectors.Serial.DotAndSize(NarrowA, NarrowC, free);

        var held = NarrowA.Select((a, i) => free[i] ? a : 0).ToArray();
        Assert.Equal(B.Select((b, i) => free[i] ? Math.FusedMultiplyAdd(0.1, NarrowA[i], b) : 0), y);
        Assert.Equal(LongVectors.Serial.Dot(NarrowC, y), dot);
        Assert.Equal(A.Select((a, i) => free[i] ? 3 * a : 0), scaled);
        Assert.Equal(LongVectors.Serial.DotAndSize(held, NarrowC), (product, size));
    }

    [Fact]
    public void A_vector_added_and_multiplied_at_once_is_to_the_bit_what_one_after_the_other_gives()
    {
        double[] together = [.. B], apart = [.. B];
        var allFree = new bool[Length];
        Array.Fill(allFree, true);

        var dot = LongVectors.Serial.AddScaledAndDot(NarrowA, 0.1, together, NarrowC, []);

        Assert.Equal(LongVectors.Serial.AddScaledAndDot(NarrowA, 0.1, apart, NarrowC, allFree), dot);
        Assert.Equal(apart, together);
        Assert.Equal(B.Zip(NarrowA, (b, a) => Math.FusedMultiplyAdd(0.1, a, b)), together);
    }

    [Fact]
    public void Differences_and_sums_are_rounded_to_float32_one_by_one()
    {
        Assert.Equal(A.Zip(B, (a, b) => (float)(a - b)), LongVectors.Serial.NarrowDifference(A, B));
        Assert.Equal(A.Zip(B, (a, b) => (double)(float)(a + 0.3 * b)), LongVectors.Serial.RoundedSum(A, 0.3, B));
    }

    [Fact]
    public void Not_a_number_shows_in_the_largest_ratio()
    {
        var gradient = A.ToArray();
        gradient[LongVectors.PieceLength + 3] = double.NaN;
        Assert.Equal(double.NaN, LongVectors.Serial.MaxRatio(gradient, B));
        Assert.Equal(double.NaN, LongVectors.Serial.MaxRatio(gradient, []));
    }

    [Fact]
    public void Without_a_yardstick_the_largest_ratio_is_that_to_ones()
    {
        var ones = new double[Length];
        Array.Fill(ones, 1);
        Assert.Equal(LongVectors.Serial.MaxRatio(A, ones), LongVectors.Serial.MaxRatio(A, []));
    }

    [Fact]
    public void The_order_in_which_pieces_run_changes_no_bit()
    {
        Assert.Equal(Results(LongVectors.Serial), Results(Backwards));

        static double[] Results(LongVectors vectors)
        {
            var (y, scaled) = (B.ToArray(), new double[Length]);
            var dot = vectors.AddScaledAndDot(NarrowA, 0.1, y, NarrowC, []);
            vectors.Scale(A, 3, scaled, []);
            var (product, size) = vectors.DotAndSize(NarrowA, NarrowC);
            return
            [
                dot, product, size, vectors.DotDifference(A, B, C), vectors.Dot(A, B), vectors.Dot(NarrowA, B), vectors.MaxRatio(A, [.. B.Select(Math.Abs)]),
                .. y, .. scaled, .. vectors.NarrowDifference(A, B), .. vectors.RoundedSum(A, 0.3, B),
            ];
        }
    }

    static double[] Numbers(ulong stream)
    {
        var random = new CounterRandom(24, stream);
        var result = new double[Length];
        for (var i = 0; i < Length; i++) result[i] = random.NextGaussian();
        return result;
    }
}

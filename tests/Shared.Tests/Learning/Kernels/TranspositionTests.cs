using System.Runtime.Intrinsics;
using DistTrain.Learning.Kernels;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class TranspositionTests
{
    static readonly float[] Numbers = [.. Enumerable.Range(0, 8 * 24).Select(i => 1f / (3 + i))];

    [Fact]
    public void Rows_of_two_become_classes_and_rows_again() => AssertMoves<Lanes2>();

    [Fact]
    public void Rows_of_four_become_classes_and_rows_again() => AssertMoves<Lanes4>();

    [Fact]
    public void Rows_of_eight_become_classes_and_rows_again() => AssertMoves<Lanes8>();

    [Fact]
    public void Rows_of_sixteen_become_classes_and_rows_again() => AssertMoves<Lanes16>();

    [Fact]
    public void Rows_of_twenty_four_become_classes_and_rows_again() => AssertMoves<Lanes24>();

    [Fact]
    public void Sums_across_lanes_are_taken_in_the_order_that_plain_code_takes()
    {
        var vectors = Enumerable.Range(0, 4).Select(i => Vector256.Create(Numbers, 8 * i)).ToArray();
        var sums = Transposition.SumsAcross(vectors[0], vectors[1], vectors[2], vectors[3]);
        for (var i = 0; i < 4; i++) Assert.Equal(Transposition.SumAcross(vectors[i]), sums[i]);
    }

    [Fact]
    public void Sums_across_lanes_of_eight_vectors_are_those_of_each()
    {
        var v = Enumerable.Range(0, 8).Select(i => Vector256.Create(Numbers, 8 * i + i)).ToArray();
        var sums = Transposition.SumsAcross(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
        for (var i = 0; i < 8; i++) Assert.Equal(Transposition.SumAcross(v[i]), sums[i]);
    }

    static void AssertMoves<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        const int stride = 32;
        var classes = new float[24 * stride];
        var plain = new float[24 * stride];
        var back = new float[Numbers.Length];
        var plainBack = new float[Numbers.Length];
        fixed (float* from = Numbers, to = classes, plainTo = plain, rows = back, plainRows = plainBack)
        {
            TLanes.RowsToClasses(from, to, stride);
            Transposition.CopyToClasses(from, TLanes.Width, plainTo, stride, TLanes.Width);
            TLanes.ClassesToRows(to, stride, rows);
            Transposition.CopyToRows(plainTo, stride, plainRows, TLanes.Width, TLanes.Width);
        }
        Assert.Equal(plain, classes);
        Assert.Equal(plainBack, back);
        Assert.Equal(Numbers[..(8 * TLanes.Width)], back[..(8 * TLanes.Width)]);
    }
}

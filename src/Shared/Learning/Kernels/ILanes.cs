using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>A group of classes of one row or feature in a register; see <see cref="LaneLayout"/>.</summary>
unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Width { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf Add(TSelf left, TSelf right);

    /// <summary>lanes · factor + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf lanes, float factor, TSelf addend);

    /// <summary>
    /// Σ values[i] · rows[rowNumbers[i]] over i &lt; count, rounded once each: in four partial sums, of the i that leave 0, 1, 2 and 3 when
    /// divided by four, which add up as (0 + 2) + (1 + 3). One after the other they would wait for each other.
    /// </summary>
    /// <param name="rows">[rows][Width].</param>
    /// <param name="count">A multiple of four.</param>
    static abstract TSelf SumOfQuads(float* rows, ushort* rowNumbers, float* values, nint count);

    /// <summary>The same where all values are 1.</summary>
    static abstract TSelf SumOfQuads(float* rows, ushort* rowNumbers, nint count);

    void Store(float* target);

    /// <summary>sums[lane] += lane, in double.</summary>
    void AddTo(double* sums);

    /// <summary>sums[lane] += round(lane · scale): <see cref="FixedPoint"/>. All lanes are written, the unused ones unchanged.</summary>
    void AddRounded(double scale, long* sums);

    /// <summary>Eight rows of lanes, one after the other, become Width vectors of eight rows.</summary>
    static abstract void RowsToClasses(float* rows, float* classes, nint classStride);

    /// <summary>The way back.</summary>
    static abstract void ClassesToRows(float* classes, nint classStride, float* rows);
}

/// <summary>Two lanes: K = 2 and 3.</summary>
readonly unsafe struct Lanes2(Vector128<float> lanes) : ILanes<Lanes2>
{
    readonly Vector128<float> _lanes = lanes;

    public static int Width => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Load(float* source) => new(Vector128.CreateScalarUnsafe(*(double*)source).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Add(Lanes2 left, Lanes2 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 MultiplyAdd(Lanes2 lanes, float factor, Lanes2 addend) =>
        new(Vector128.FusedMultiplyAdd(lanes._lanes, Vector128.Create(factor), addend._lanes));

    /// <remarks>Two rows share a register: partial sums 0 and 1, and 2 and 3.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 SumOfQuads(float* rows, ushort* rowNumbers, float* values, nint count)
    {
        Vector128<float> first = default, second = default;
        for (nint i = 0; i < count; i += 4)
        {
            var four = Vector128.Load(values + i);
            first = Vector128.FusedMultiplyAdd(
                LoadTwo(rows, rowNumbers + i), Vector128.Shuffle(four, Vector128.Create(0, 0, 1, 1)), first);
            second = Vector128.FusedMultiplyAdd(
                LoadTwo(rows, rowNumbers + i + 2), Vector128.Shuffle(four, Vector128.Create(2, 2, 3, 3)), second);
        }
        return SumOfHalves(first + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 SumOfQuads(float* rows, ushort* rowNumbers, nint count)
    {
        Vector128<float> first = default, second = default;
        for (nint i = 0; i < count; i += 4)
        {
            first += LoadTwo(rows, rowNumbers + i);
            second += LoadTwo(rows, rowNumbers + i + 2);
        }
        return SumOfHalves(first + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> LoadTwo(float* rows, ushort* rowNumbers) =>
        Vector128.Create(*(double*)(rows + 2 * (nint)rowNumbers[0]), *(double*)(rows + 2 * (nint)rowNumbers[1])).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Lanes2 SumOfHalves(Vector128<float> lanes) => new(lanes + Vector128.Shuffle(lanes, Vector128.Create(2, 3, 2, 3)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => *(double*)target = _lanes.AsDouble().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* sums) => (Vector128.Load(sums) + Vector128.WidenLower(_lanes)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRounded(double scale, long* sums) =>
        (Vector128.Load(sums) + FixedPoint.Round(Vector128.WidenLower(_lanes) * scale)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowsToClasses(float* rows, float* classes, nint classStride) =>
        Transposition.Pairs(rows, classes, classStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClassesToRows(float* classes, nint classStride, float* rows) =>
        Transposition.ToPairs(classes, classStride, rows);
}

/// <summary>Four lanes: K = 4 and 5.</summary>
readonly unsafe struct Lanes4(Vector128<float> lanes) : ILanes<Lanes4>
{
    readonly Vector128<float> _lanes = lanes;

    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Add(Lanes4 left, Lanes4 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplyAdd(Lanes4 lanes, float factor, Lanes4 addend) =>
        new(Vector128.FusedMultiplyAdd(lanes._lanes, Vector128.Create(factor), addend._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 SumOfQuads(float* rows, ushort* rowNumbers, float* values, nint count) =>
        QuadSums<Lanes4>.Of(rows, rowNumbers, values, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 SumOfQuads(float* rows, ushort* rowNumbers, nint count) => QuadSums<Lanes4>.Of(rows, rowNumbers, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _lanes.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* sums) => (Vector256.Load(sums) + Vector256.WidenLower(_lanes.ToVector256Unsafe())).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRounded(double scale, long* sums) =>
        (Vector256.Load(sums) + FixedPoint.Round(Vector256.WidenLower(_lanes.ToVector256Unsafe()) * scale)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowsToClasses(float* rows, float* classes, nint classStride) =>
        Transposition.Quads(rows, 4, classes, classStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClassesToRows(float* classes, nint classStride, float* rows) =>
        Transposition.ToQuads(classes, classStride, rows, 4);
}

/// <summary>Eight lanes: K = 6 to 9, and above in groups.</summary>
readonly unsafe struct Lanes8(Vector256<float> lanes) : ILanes<Lanes8>
{
    readonly Vector256<float> _lanes = lanes;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Add(Lanes8 left, Lanes8 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplyAdd(Lanes8 lanes, float factor, Lanes8 addend) =>
        new(Vector256.FusedMultiplyAdd(lanes._lanes, Vector256.Create(factor), addend._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 SumOfQuads(float* rows, ushort* rowNumbers, float* values, nint count) =>
        QuadSums<Lanes8>.Of(rows, rowNumbers, values, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 SumOfQuads(float* rows, ushort* rowNumbers, nint count) => QuadSums<Lanes8>.Of(rows, rowNumbers, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _lanes.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* sums)
    {
        (Vector256.Load(sums) + Vector256.WidenLower(_lanes)).Store(sums);
        (Vector256.Load(sums + 4) + Vector256.WidenUpper(_lanes)).Store(sums + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRounded(double scale, long* sums)
    {
        (Vector256.Load(sums) + FixedPoint.Round(Vector256.WidenLower(_lanes) * scale)).Store(sums);
        (Vector256.Load(sums + 4) + FixedPoint.Round(Vector256.WidenUpper(_lanes) * scale)).Store(sums + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowsToClasses(float* rows, float* classes, nint classStride) =>
        Transposition.Eights(rows, Width, classes, classStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClassesToRows(float* classes, nint classStride, float* rows) =>
        Transposition.ToEights(classes, classStride, rows, Width);
}

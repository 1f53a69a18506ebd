using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Kernels;

/// <summary>Sixteen lanes, two eights.</summary>
readonly unsafe struct Lanes16(Vector256<float> first, Vector256<float> second) : ILanes<Lanes16>
{
    readonly Vector256<float> _first = first;
    readonly Vector256<float> _second = second;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Add(Lanes16 left, Lanes16 right) => new(left._first + right._first, left._second + right._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 lanes, float factor, Lanes16 addend)
    {
        var factors = Vector256.Create(factor);
        return new(
            Vector256.FusedMultiplyAdd(lanes._first, factors, addend._first),
            Vector256.FusedMultiplyAdd(lanes._second, factors, addend._second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 SumOfQuads(float* rows, ushort* rowNumbers, float* values, nint count) =>
        QuadSums<Lanes16>.Of(rows, rowNumbers, values, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 SumOfQuads(float* rows, ushort* rowNumbers, nint count) => QuadSums<Lanes16>.Of(rows, rowNumbers, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _first.Store(target);
        _second.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* sums)
    {
        new Lanes8(_first).AddTo(sums);
        new Lanes8(_second).AddTo(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRounded(double scale, long* sums)
    {
        new Lanes8(_first).AddRounded(scale, sums);
        new Lanes8(_second).AddRounded(scale, sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowsToClasses(float* rows, float* classes, nint classStride) =>
        Transposition.Eights(rows, Width, classes, classStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClassesToRows(float* classes, nint classStride, float* rows) =>
        Transposition.ToEights(classes, classStride, rows, Width);
}

/// <summary>Twenty-four lanes, three eights.</summary>
readonly unsafe struct Lanes24(Vector256<float> first, Vector256<float> second, Vector256<float> third) : ILanes<Lanes24>
{
    readonly Vector256<float> _first = first;
    readonly Vector256<float> _second = second;
    readonly Vector256<float> _third = third;

    public static int Width => 24;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes24 Load(float* source) =>
        new(Vector256.Load(source), Vector256.Load(source + 8), Vector256.Load(source + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes24 Add(Lanes24 left, Lanes24 right) =>
        new(left._first + right._first, left._second + right._second, left._third + right._third);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes24 MultiplyAdd(Lanes24 lanes, float factor, Lanes24 addend)
    {
        var factors = Vector256.Create(factor);
        return new(
            Vector256.FusedMultiplyAdd(lanes._first, factors, addend._first),
            Vector256.FusedMultiplyAdd(lanes._second, factors, addend._second),
            Vector256.FusedMultiplyAdd(lanes._third, factors, addend._third));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes24 SumOfQuads(float* rows, ushort* rowNumbers, float* values, nint count) =>
        QuadSums<Lanes24>.Of(rows, rowNumbers, values, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes24 SumOfQuads(float* rows, ushort* rowNumbers, nint count) => QuadSums<Lanes24>.Of(rows, rowNumbers, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _first.Store(target);
        _second.Store(target + 8);
        _third.Store(target + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* sums)
    {
        new Lanes8(_first).AddTo(sums);
        new Lanes8(_second).AddTo(sums + 8);
        new Lanes8(_third).AddTo(sums + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRounded(double scale, long* sums)
    {
        new Lanes8(_first).AddRounded(scale, sums);
        new Lanes8(_second).AddRounded(scale, sums + 8);
        new Lanes8(_third).AddRounded(scale, sums + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowsToClasses(float* rows, float* classes, nint classStride) =>
        Transposition.Eights(rows, Width, classes, classStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClassesToRows(float* classes, nint classStride, float* rows) =>
        Transposition.ToEights(classes, classStride, rows, Width);
}

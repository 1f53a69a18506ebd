using System.Runtime.CompilerServices;

namespace DistTrain.Learning.Kernels;

/// <summary>The sums of <see cref="ILanes{TSelf}.SumOfQuads(float*, ushort*, float*, nint)"/> for lanes that fill their registers.</summary>
static unsafe class QuadSums<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of(float* rows, ushort* rowNumbers, float* values, nint count)
    {
        TLanes a = default, b = default, c = default, d = default;
        for (nint i = 0; i < count; i += 4)
        {
            a = TLanes.MultiplyAdd(RowOf(rows, rowNumbers[i]), values[i], a);
            b = TLanes.MultiplyAdd(RowOf(rows, rowNumbers[i + 1]), values[i + 1], b);
            c = TLanes.MultiplyAdd(RowOf(rows, rowNumbers[i + 2]), values[i + 2], c);
            d = TLanes.MultiplyAdd(RowOf(rows, rowNumbers[i + 3]), values[i + 3], d);
        }
        return TLanes.Add(TLanes.Add(a, c), TLanes.Add(b, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of(float* rows, ushort* rowNumbers, nint count)
    {
        TLanes a = default, b = default, c = default, d = default;
        for (nint i = 0; i < count; i += 4)
        {
            a = TLanes.Add(a, RowOf(rows, rowNumbers[i]));
            b = TLanes.Add(b, RowOf(rows, rowNumbers[i + 1]));
            c = TLanes.Add(c, RowOf(rows, rowNumbers[i + 2]));
            d = TLanes.Add(d, RowOf(rows, rowNumbers[i + 3]));
        }
        return TLanes.Add(TLanes.Add(a, c), TLanes.Add(b, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes RowOf(float* rows, nint row) => TLanes.Load(rows + row * TLanes.Width);
}

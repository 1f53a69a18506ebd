using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Logits of one step of 32 rows from its dense columns: logits[c][row] = x_row · v_c, added lane by lane along the row and then across
/// lanes.
/// </summary>
/// <remarks>
/// Registers hold a tile of four rows, one from each quarter of the block, by up to four classes: four sequential streams read memory
/// faster than one. Row j (0 … 7) of quarter q lies <c>q · quarterBytes</c> and j rows after <c>first</c>; tile j is row j of all quarters.
/// Class-major numbers of the step, <c>[classes][32]</c>, hold row j of quarter q at [8q + j]. Strides are multiples of eight.
/// </remarks>
static unsafe class DenseLogits<TValues>
    where TValues : struct, IDenseValues
{
    const int StepRows = BlockRows.StepRows;
    const int TileCount = 8;

    /// <param name="weights">v, [classes][stride].</param>
    /// <param name="logits">Destination, [classes][32].</param>
    public static void Compute(
        byte* first, nint quarterBytes, nint stride, float* weights, int classCount, float* logits, in RowsAhead ahead)
    {
        if (NarrowRows<TValues>.Fit(stride, classCount))
        {
            NarrowRows<TValues>.ComputeLogits(first, quarterBytes, weights, logits);
            return;
        }

        var groupCount = ClassGroups.CountOf(classCount);
        for (var group = 0; group < groupCount; group++)
        {
            var start = ClassGroups.StartOf(group, groupCount, classCount);
            var size = ClassGroups.StartOf(group + 1, groupCount, classCount) - start;
            float* v = weights + start * stride, z = logits + start * StepRows;
            var part = ahead.ForLogits(group, groupCount);
            if (size == 4) Compute<Four>(first, quarterBytes, stride, v, z, part);
            else if (size == 3) Compute<Three>(first, quarterBytes, stride, v, z, part);
            else if (size == 2) Compute<Two>(first, quarterBytes, stride, v, z, part);
            else Compute<One>(first, quarterBytes, stride, v, z, part);
        }
    }

    [MethodImpl(Compilation.Full)]
    internal static void Compute<TClasses>(byte* first, nint quarterBytes, nint stride, float* weights, float* logits, RowsAhead ahead)
        where TClasses : struct, ICount
    {
        var tiles = stackalloc float[TClasses.Value * StepRows];
        for (var tile = 0; tile < TileCount; tile++)
        {
            byte* x0 = first + tile * stride * TValues.ValueBytes, x1 = x0 + quarterBytes, x2 = x1 + quarterBytes, x3 = x2 + quarterBytes;
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
            Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
            Vector256<float> d0 = default, d1 = default, d2 = default, d3 = default;
            for (nint i = 0; i < stride; i += 8)
            {
                if (i % (RowsAhead.LineBytes / TValues.ValueBytes) == 0) ahead.Fetch(x0 + i * TValues.ValueBytes);
                var a = Vector256.Load(weights + i);
                var b = TClasses.Value > 1 ? Vector256.Load(weights + stride + i) : default;
                var c = TClasses.Value > 2 ? Vector256.Load(weights + 2 * stride + i) : default;
                var d = TClasses.Value > 3 ? Vector256.Load(weights + 3 * stride + i) : default;
                RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x0, i), a, b, c, d, ref a0, ref b0, ref c0, ref d0);
                RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x1, i), a, b, c, d, ref a1, ref b1, ref c1, ref d1);
                RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x2, i), a, b, c, d, ref a2, ref b2, ref c2, ref d2);
                RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x3, i), a, b, c, d, ref a3, ref b3, ref c3, ref d3);
            }
            var sums = tiles + 4 * tile;
            Transposition.SumsAcross(a0, a1, a2, a3).Store(sums);
            if (TClasses.Value > 1) Transposition.SumsAcross(b0, b1, b2, b3).Store(sums + StepRows);
            if (TClasses.Value > 2) Transposition.SumsAcross(c0, c1, c2, c3).Store(sums + 2 * StepRows);
            if (TClasses.Value > 3) Transposition.SumsAcross(d0, d1, d2, d3).Store(sums + 3 * StepRows);
        }
        for (var c = 0; c < TClasses.Value; c++) Transposition.Quads(tiles + c * StepRows, 4, logits + c * StepRows, 8);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Gradient of one step of 32 rows for its dense columns: gradient[c][d] += Σ residual[c][row] · x_row[d], tile by tile, in each tile
/// quarter by quarter, with one rounding for each row.
/// </summary>
/// <remarks>
/// Registers hold a panel of the gradient, up to four classes by 32 columns, while the rows of the step, which the logits have brought into
/// the first cache, are added. Rows lie as <see cref="DenseLogits{TValues}"/> says.
/// </remarks>
static unsafe class DenseGradient<TValues>
    where TValues : struct, IDenseValues
{
    const int StepRows = BlockRows.StepRows;
    const int TileCount = 8;
    const int PanelColumns = 32;

    /// <param name="residuals">[classes][32].</param>
    /// <param name="gradient">[classes][stride].</param>
    public static void Add(
        byte* first, nint quarterBytes, nint stride, float* residuals, int classCount, float* gradient, in RowsAhead ahead)
    {
        if (NarrowRows<TValues>.Fit(stride, classCount))
        {
            NarrowRows<TValues>.AddGradient(first, quarterBytes, residuals, gradient);
            return;
        }

        var groupCount = ClassGroups.CountOf(classCount);
        for (var group = 0; group < groupCount; group++)
        {
            var start = ClassGroups.StartOf(group, groupCount, classCount);
            var size = ClassGroups.StartOf(group + 1, groupCount, classCount) - start;
            float* r = residuals + start * StepRows, g = gradient + start * stride;
            var part = ahead.ForGradient(group, groupCount);
            if (size == 4) Add<Four>(first, quarterBytes, stride, r, g, part);
            else if (size == 3) Add<Three>(first, quarterBytes, stride, r, g, part);
            else if (size == 2) Add<Two>(first, quarterBytes, stride, r, g, part);
            else Add<One>(first, quarterBytes, stride, r, g, part);
        }
    }

    /// <summary>Panel after panel, the last one as wide as columns are left.</summary>
    internal static void Add<TClasses>(byte* first, nint quarterBytes, nint stride, float* residuals, float* gradient, RowsAhead ahead)
        where TClasses : struct, ICount
    {
        nint column = 0;
        for (; column + PanelColumns <= stride; column += PanelColumns)
            AddPanel<TClasses, Four>(first, quarterBytes, stride, column, residuals, gradient, ahead);
        if (stride - column == 24) AddPanel<TClasses, Three>(first, quarterBytes, stride, column, residuals, gradient, ahead);
        else if (stride - column == 16) AddPanel<TClasses, Two>(first, quarterBytes, stride, column, residuals, gradient, ahead);
        else if (stride - column == 8) AddPanel<TClasses, One>(first, quarterBytes, stride, column, residuals, gradient, ahead);
    }

    [MethodImpl(Compilation.Full)]
    static void AddPanel<TClasses, TVectors>(
        byte* first, nint quarterBytes, nint stride, nint column, float* residuals, float* gradient, RowsAhead ahead)
        where TClasses : struct, ICount
        where TVectors : struct, ICount
    {
        var offset = column * TValues.ValueBytes;
        float* ga = gradient + column, gb = ga + stride, gc = gb + stride, gd = gc + stride;
        Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector256<float> d0 = default, d1 = default, d2 = default, d3 = default;
        RegisterTile.Load<TVectors>(ga, out var a0, out var a1, out var a2, out var a3);
        if (TClasses.Value > 1) RegisterTile.Load<TVectors>(gb, out b0, out b1, out b2, out b3);
        if (TClasses.Value > 2) RegisterTile.Load<TVectors>(gc, out c0, out c1, out c2, out c3);
        if (TClasses.Value > 3) RegisterTile.Load<TVectors>(gd, out d0, out d1, out d2, out d3);
        for (var tile = 0; tile < TileCount; tile++)
        {
            var x = first + tile * stride * TValues.ValueBytes + offset;
            for (var line = 0; line < 8 * TVectors.Value * TValues.ValueBytes; line += RowsAhead.LineBytes) ahead.Fetch(x + line);
            var r = residuals + tile;
            for (var quarter = 0; quarter < 4; quarter++, x += quarterBytes, r += 8)
            {
                var a = Vector256.Create(r[0]);
                var b = TClasses.Value > 1 ? Vector256.Create(r[StepRows]) : default;
                var c = TClasses.Value > 2 ? Vector256.Create(r[2 * StepRows]) : default;
                var d = TClasses.Value > 3 ? Vector256.Create(r[3 * StepRows]) : default;
                RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x, 0), a, b, c, d, ref a0, ref b0, ref c0, ref d0);
                if (TVectors.Value > 1) RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x, 8), a, b, c, d, ref a1, ref b1, ref c1, ref d1);
                if (TVectors.Value > 2) RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x, 16), a, b, c, d, ref a2, ref b2, ref c2, ref d2);
                if (TVectors.Value > 3) RegisterTile.MultiplyAdd<TClasses>(TValues.Load(x, 24), a, b, c, d, ref a3, ref b3, ref c3, ref d3);
            }
        }
        RegisterTile.Store<TVectors>(ga, a0, a1, a2, a3);
        if (TClasses.Value > 1) RegisterTile.Store<TVectors>(gb, b0, b1, b2, b3);
        if (TClasses.Value > 2) RegisterTile.Store<TVectors>(gc, c0, c1, c2, c3);
        if (TClasses.Value > 3) RegisterTile.Store<TVectors>(gd, d0, d1, d2, d3);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// What <see cref="DenseLogits{TValues}"/> and <see cref="DenseGradient{TValues}"/> compute, with the same additions, for two classes and
/// rows so short that weights or gradient stay in registers over a whole step.
/// </summary>
static unsafe class NarrowRows<TValues>
    where TValues : struct, IDenseValues
{
    public const int Stride = 16;

    const int StepRows = BlockRows.StepRows;
    const int TileCount = 8;

    public static bool Fit(nint stride, int classCount) => stride == Stride && classCount == 2;

    /// <summary>Eight rows of a quarter give one vector of logits, in its place.</summary>
    /// <param name="v0">Weights, [2][16].</param>
    /// <param name="logits">Destination, [2][32].</param>
    [MethodImpl(Compilation.Full)]
    public static void ComputeLogits(byte* first, nint quarterBytes, float* v0, float* logits)
    {
        var v1 = v0 + Stride;
        var (aLow, aHigh) = (Vector256.Load(v0), Vector256.Load(v0 + 8));
        var (bLow, bHigh) = (Vector256.Load(v1), Vector256.Load(v1 + 8));
        for (var quarter = 0; quarter < 4; quarter++, first += quarterBytes, logits += 8)
        {
            LogitsOf(first, aLow, aHigh).Store(logits);
            LogitsOf(first, bLow, bHigh).Store(logits + StepRows);
        }
    }

    /// <param name="residuals">[2][32].</param>
    /// <param name="g0">Gradient, [2][16].</param>
    [MethodImpl(Compilation.Full)]
    public static void AddGradient(byte* first, nint quarterBytes, float* residuals, float* g0)
    {
        var g1 = g0 + Stride;
        var (aLow, aHigh) = (Vector256.Load(g0), Vector256.Load(g0 + 8));
        var (bLow, bHigh) = (Vector256.Load(g1), Vector256.Load(g1 + 8));
        for (var tile = 0; tile < TileCount; tile++)
        {
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var row = first + quarter * quarterBytes + tile * Stride * TValues.ValueBytes;
                if (Sse.IsSupported) Sse.Prefetch0(row + 8 * Stride * TValues.ValueBytes); // The row of the next step.
                var (low, high) = (TValues.Load(row, 0), TValues.Load(row, 8));
                var a = Vector256.Create(residuals[8 * quarter + tile]);
                var b = Vector256.Create(residuals[StepRows + 8 * quarter + tile]);
                aLow = Vector256.FusedMultiplyAdd(low, a, aLow);
                aHigh = Vector256.FusedMultiplyAdd(high, a, aHigh);
                bLow = Vector256.FusedMultiplyAdd(low, b, bLow);
                bHigh = Vector256.FusedMultiplyAdd(high, b, bHigh);
            }
        }
        aLow.Store(g0);
        aHigh.Store(g0 + 8);
        bLow.Store(g1);
        bHigh.Store(g1 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> LogitsOf(byte* rows, Vector256<float> low, Vector256<float> high) => Transposition.SumsAcross(
        Products(rows, 0, low, high), Products(rows, 1, low, high), Products(rows, 2, low, high), Products(rows, 3, low, high),
        Products(rows, 4, low, high), Products(rows, 5, low, high), Products(rows, 6, low, high), Products(rows, 7, low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Products(byte* rows, nint row, Vector256<float> low, Vector256<float> high) =>
        Vector256.FusedMultiplyAdd(TValues.Load(rows, row * Stride + 8), high, TValues.Load(rows, row * Stride) * low);
}

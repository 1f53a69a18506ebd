using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Each gradient over the root of the sum of its squares so far.</summary>
/// <remarks>
///   G ← G + g²,  update = g / (√G + ε)
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (JMLR 12, 2011), the diagonal
/// form; ε = 1e-10 and G = 0 at first, as in PyTorch.
/// </remarks>
readonly unsafe struct AdagradRule(FeatureStore store) : IUpdateRule
{
    const double Epsilon = 1e-10;

    readonly int _squares = store.ReserveByClass().Offset;

    public void Begin(double* own)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Update(double* own, int lane, Vector256<double> gradient)
    {
        var squares = own + _squares + lane;
        var square = Vector256.Load(squares) + gradient * gradient;
        square.Store(squares);
        return gradient / (Vector256.Sqrt(square) + Vector256.Create(Epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> SizeOf(double* own, int lane, Vector256<double> gradient)
    {
        var square = Vector256.Load(own + _squares + lane);
        return gradient / (Vector256.Sqrt(square) + Vector256.Create(Epsilon)) & Vector256.GreaterThan(square, Vector256<double>.Zero);
    }
}

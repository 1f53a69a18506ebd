using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Each gradient over the root of the sum of its squares so far.</summary>
/// <remarks>
///   r ← √(r² + g²),  update = g / (r + ε)
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (JMLR 12, 2011), the diagonal
/// form; ε = 1e-10 and r = 0 at first, as in PyTorch. The root is kept and not the sum: whoever reads weights needs it for their
/// penalty, more often than steps change it, and each step's rounding of it is of the size of the sum's own.
/// </remarks>
readonly unsafe struct AdagradRule(FeatureStore store) : IUpdateRule
{
    const double Epsilon = 1e-10;

    readonly int _roots = store.ReserveByClass().Offset;

    public void Begin(double* own)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Update(double* own, int lane, Vector256<double> gradient)
    {
        var roots = own + _roots + lane;
        var root = Vector256.Load(roots);
        root = Vector256.Sqrt(Vector256.FusedMultiplyAdd(root, root, gradient * gradient));
        root.Store(roots);
        return gradient / (root + Vector256.Create(Epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> SizeOf(double* own, int lane, Vector256<double> gradient)
    {
        var root = Vector256.Load(own + _roots + lane);
        return gradient / (root + Vector256.Create(Epsilon)) & Vector256.GreaterThan(root, Vector256<double>.Zero);
    }
}

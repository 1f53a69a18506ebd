using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Each gradient over the root of the sum of its squares so far.</summary>
/// <remarks>
///   G ← G + g²,  update = g / (√G + ε)
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (JMLR 12, 2011), the diagonal
/// form; ε = 1e-10 and G = 0 at first, as in PyTorch.
/// </remarks>
public sealed unsafe class ScaleByAdagrad(FeatureStore store) : IUpdateTransform
{
    const double Epsilon = 1e-10;

    readonly FeatureNumbers _squares = store.ReserveByClass();

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        var lanes = store.LaneCount;
        fixed (double* first = updates)
        {
            var own = first;
            foreach (var feature in features)
            {
                var squares = _squares.At(feature);
                for (var end = own + lanes; own < end; own += 4, squares += 4)
                {
                    var update = Vector256.Load(own);
                    var square = Vector256.Load(squares) + update * update;
                    square.Store(squares);
                    (update / (Vector256.Sqrt(square) + Vector256.Create(Epsilon))).Store(own);
                }
            }
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        var lanes = store.LaneCount;
        fixed (double* first = sizes)
        {
            var own = first;
            foreach (var feature in features)
            {
                var squares = _squares.At(feature);
                for (var end = own + lanes; own < end; own += 4, squares += 4)
                {
                    var square = Vector256.Load(squares);
                    var size = Vector256.Load(own) / (Vector256.Sqrt(square) + Vector256.Create(Epsilon));
                    (size & Vector256.GreaterThan(square, Vector256<double>.Zero)).Store(own);
                }
            }
        }
    }
}

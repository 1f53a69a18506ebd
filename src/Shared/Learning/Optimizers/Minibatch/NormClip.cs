using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// Shortens gradients, in units of the columns, to a Euclidean norm over all features and classes together; shorter ones stay as they are.
/// </summary>
/// <remarks>Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (ICML 2013), algorithm 1.</remarks>
/// <param name="normMax">Above 0.</param>
sealed class NormClip(FeatureStore store, double normMax)
{
    /// <summary>What gradients are multiplied by, at most 1. Asks for all parts, which may be asked for again.</summary>
    public double FactorOf(IGradientParts gradient, IParallelFor parallel)
    {
        var squares = new double[gradient.PartCount];
        parallel.Run(squares.Length, part => squares[part] = SquareOf(gradient.PartAt(part)));
        var square = 0.0;
        foreach (var own in squares) square += own;
        var norm = Math.Sqrt(square);
        return norm > normMax ? normMax / norm : 1;
    }

    /// <summary>The square of a part's norm.</summary>
    double SquareOf(FeatureGradient part)
    {
        var features = part.Features.Span;
        var values = part.Values.Span;
        for (var i = 0; i < features.Length; i++)
        {
            var yardstick = store.ConstantOf(features[i]).Yardstick;
            if (yardstick == 1) continue;
            foreach (ref var value in values.Slice(i * store.LaneCount, store.LaneCount)) value /= yardstick;
        }
        return Vectors.Dot(values, values);
    }
}

using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Gradients by features as tests write them, [n][K], without lanes beyond K.</summary>
static class PlainGradient
{
    public static IGradientParts Of(int[] features, params double[] values)
    {
        var (classCount, lanes) = (values.Length / features.Length, FeatureStore.LanesOf(values.Length / features.Length));
        var padded = new double[features.Length * lanes];
        for (var i = 0; i < values.Length; i++) padded[i / classCount * lanes + i % classCount] = values[i];
        return new Parts(features, padded, lanes);
    }

    /// <summary>All parts, one after the other; values [n][lanes].</summary>
    public static (int[] Features, double[] Values) All(IGradientParts gradient)
    {
        FeatureGradient[] parts = [.. Enumerable.Range(0, gradient.PartCount).Select(gradient.PartAt)];
        return ([.. parts.SelectMany(part => part.Features.ToArray())], [.. parts.SelectMany(part => part.Values.ToArray())]);
    }

    /// <summary>[n][K].</summary>
    public static double[] ValuesOf(double[] values, int classCount) =>
        [.. values.Chunk(FeatureStore.LanesOf(classCount)).SelectMany(lanes => lanes[..classCount])];

    sealed class Parts(int[] features, double[] values, int lanes) : IGradientParts
    {
        const int Length = 1024;

        public int PartCount => (features.Length + Length - 1) / Length;

        public FeatureGradient PartAt(int part)
        {
            var (first, end) = (part * Length, Math.Min((part + 1) * Length, features.Length));
            return new FeatureGradient(features.AsMemory(first..end), values.AsSpan((first * lanes)..(end * lanes)).ToArray());
        }
    }
}

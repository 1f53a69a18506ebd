using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Gradients by features as tests write them, [n][K], without lanes beyond K.</summary>
static class PlainGradient
{
    public static FeatureGradient Of(int[] features, params double[] values)
    {
        var (classCount, lanes) = (values.Length / features.Length, FeatureStore.LanesOf(values.Length / features.Length));
        var padded = new double[features.Length * lanes];
        for (var i = 0; i < values.Length; i++) padded[i / classCount * lanes + i % classCount] = values[i];
        return new FeatureGradient(features, padded);
    }

    /// <summary>[n][K].</summary>
    public static double[] ValuesOf(FeatureGradient gradient, int classCount) =>
        [.. gradient.Values.ToArray().Chunk(FeatureStore.LanesOf(classCount)).SelectMany(lanes => lanes[..classCount])];
}

using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Seeded examples and parameters for tests.</summary>
static class RandomExamples
{
    /// <summary>A layout of the given columns; held order is schema order.</summary>
    /// <param name="coded">For each coded column its kind and how many features it names.</param>
    public static FeatureLayout Layout(int dense = 0, (CodeKind Kind, int Features)[]? coded = null, int sparse = 0)
    {
        var first = dense;
        var columns = new List<CodedColumnLayout>();
        foreach (var (kind, features) in coded ?? [])
        {
            columns.Add(new CodedColumnLayout(kind, first, features));
            first += features;
        }
        var total = first + sparse;
        return new FeatureLayout(dense, [.. columns], sparse, [.. Enumerable.Range(0, total)], [.. new float[total]]);
    }

    /// <summary>
    /// Dense: normal; levels: one or none; bits: each one half the time; sparse: a fifth nonzero, odd features with values.
    /// </summary>
    /// <param name="weighted">Weights in eighths from 0 to 2, some of them 0; else none.</param>
    public static ExampleRows Rows(FeatureLayout layout, int classCount, int rowCount, ulong seed, bool weighted = false)
    {
        var random = new CounterRandom(seed, stream: 11);
        var features = new float[rowCount][];
        var labels = new int[rowCount];
        var weights = new float[rowCount];
        for (var row = 0; row < rowCount; row++)
        {
            features[row] = Row(layout, ref random);
            labels[row] = random.NextInt32(classCount);
            weights[row] = random.NextInt32(17) / 8f;
        }
        return new ExampleRows(layout, classCount, features, labels, weighted ? weights : null);
    }

    /// <summary>Normal parameters times <paramref name="size"/>, each a float.</summary>
    public static Parameters Parameters(ModelShape shape, ulong seed, double size = 0.5)
    {
        var random = new CounterRandom(seed, stream: 12);
        var parameters = new Parameters(shape);
        foreach (ref var value in parameters.Values.AsSpan()) value = (float)(size * random.NextGaussian());
        return parameters;
    }

    static float[] Row(FeatureLayout layout, ref CounterRandom random)
    {
        var row = new float[layout.FeatureCount];
        for (var d = 0; d < layout.DenseCount; d++) row[d] = (float)random.NextGaussian();
        foreach (var column in layout.Coded)
        {
            var code = random.NextInt32(column.CodeCount);
            for (var i = 0; i < column.FeatureCount; i++)
                row[column.FirstFeature + i] = (column.Kind == CodeKind.Level ? code == i + 1 : (code >> i & 1) != 0) ? 1f : 0f;
        }
        for (var d = layout.SparseFirst; d < layout.FeatureCount; d++)
        {
            if (random.NextInt32(5) == 0) row[d] = d % 2 == 0 ? 1f : (float)random.NextGaussian();
        }
        return row;
    }
}

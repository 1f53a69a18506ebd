using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Bench.Kernels;

/// <summary>
/// Shards of seeded numbers, made directly in the layout that the kernels read; memory is what a dataset of that shape takes.
/// </summary>
static class SyntheticShards
{
    const ulong Seed = 1;

    /// <summary>Standard normal features, uniform labels.</summary>
    public static Shard[] Dense(
        int rowCount, int featureCount, int classCount, int shardCount, DenseFormat format = DenseFormat.Full)
    {
        var layout = DenseLayout(featureCount);
        return Build(rowCount, shardCount, classCount, (rows, index) => new Shard
        {
            Id = new ShardId(index),
            RowCount = rows,
            Dense = NormalRows(rows, layout.DenseStride, featureCount, index, format),
            Codes = [],
            Sparse = SparseColumns.Empty,
            Labels = Labels(rows, classCount, index),
            Weights = null,
            SourceRows = [],
        });
    }

    /// <summary>Rows of <paramref name="perRow"/> nonzeros, one in each of as many equal parts of the columns; float values, or ones.</summary>
    public static Shard[] Sparse(
        int rowCount, int featureCount, int perRow, int classCount, int shardCount, bool isOneHot = false) =>
        Build(rowCount, shardCount, classCount, (rows, index) => new Shard
        {
            Id = new ShardId(index),
            RowCount = rows,
            Dense = new DenseRows(rows, 0),
            Codes = [],
            Sparse = UniformColumns(rows, featureCount, perRow, isOneHot, index),
            Labels = Labels(rows, classCount, index),
            Weights = null,
            SourceRows = [],
        });

    public static FeatureLayout DenseLayout(int featureCount) =>
        new(featureCount, [], 0, [.. Enumerable.Range(0, featureCount)], [.. new float[featureCount]]);

    public static FeatureLayout SparseLayout(int featureCount) =>
        new(0, [], featureCount, [.. Enumerable.Range(0, featureCount)], [.. new float[featureCount]]);

    /// <summary>What kernels need of a manifest: shape, and column sums large enough for every scale.</summary>
    public static DatasetManifest Manifest(FeatureLayout layout, Shard[] shards, int classCount, double absoluteSum) =>
        Manifest(layout, [.. shards.Select(shard => shard.RowCount)], classCount, absoluteSum);

    /// <param name="rowCounts">Rows of each shard.</param>
    public static DatasetManifest Manifest(FeatureLayout layout, ImmutableArray<int> rowCounts, int classCount, double absoluteSum)
    {
        double rows = rowCounts.Sum(count => (long)count);
        return new DatasetManifest
        {
            Fingerprint = "",
            Layout = layout,
            ClassCount = classCount,
            InactiveClasses = [],
            TrainingRows = rowCounts,
            ValidationRows = [],
            WeightSum = rows,
            ValidationWeightSum = 0,
            ClassWeights = [.. Enumerable.Repeat(rows / classCount, classCount)],
            AbsoluteSums = [.. Enumerable.Repeat(absoluteSum, layout.FeatureCount)],
            Sums = new double[layout.FeatureCount],
            SquareSums = [.. Enumerable.Repeat(rows, layout.FeatureCount)],
            ClassFeatureSums = [],
            ClassSquareSums = [],
        };
    }

    /// <summary>Small random weights, representable as float32.</summary>
    public static Parameters RandomParameters(ModelShape shape)
    {
        var random = new CounterRandom(Seed, ulong.MaxValue);
        var parameters = new Parameters(shape);
        foreach (ref var value in parameters.Values.AsSpan()) value = (float)(0.1 * (random.NextDouble() - 0.5));
        return parameters;
    }

    static Shard[] Build(int rowCount, int shardCount, int classCount, Func<int, int, Shard> make)
    {
        var shards = new Shard[shardCount];
        TwoThreads.Run(thread =>
        {
            for (var i = thread; i < shardCount; i += TwoThreads.Count)
                shards[i] = make((int)((i + 1L) * rowCount / shardCount - (long)i * rowCount / shardCount), i);
        });
        return shards;
    }

    static DenseRows NormalRows(int rowCount, int stride, int featureCount, int index, DenseFormat format)
    {
        var random = new CounterRandom(Seed, (ulong)index);
        var (rows, row) = (new DenseRows(rowCount, stride, format), new float[stride]);
        for (var r = 0; r < rowCount; r++)
        {
            // The sum of four uniforms is near enough to normal here and far cheaper than Box and Muller.
            foreach (ref var value in row.AsSpan(0, featureCount))
            {
                var bits = random.NextUInt64();
                value = ((ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48) - 131070) / 37837f;
            }
            rows.Write(r, row);
        }
        return rows;
    }

    static SparseColumns UniformColumns(int rowCount, int featureCount, int perRow, bool isOneHot, int index)
    {
        var random = new CounterRandom(Seed, (ulong)index);
        var (starts, features) = (new int[rowCount + 1], new int[rowCount * perRow]);
        for (var r = 0; r < rowCount; r++)
        {
            for (var i = 0; i < perRow; i++)
            {
                var first = Pieces.StartOf(i, perRow, featureCount);
                features[r * perRow + i] = first + random.NextInt32(Pieces.StartOf(i + 1, perRow, featureCount) - first);
            }
            starts[r + 1] = (r + 1) * perRow;
        }
        var values = new float[isOneHot ? 0 : features.Length];
        foreach (ref var value in values.AsSpan()) value = (float)(random.NextDouble() + 0.5);
        return SparseColumnsBuilder.Build(rowCount, starts, features, values, featureCount);
    }

    static int[] Labels(int rowCount, int classCount, int index)
    {
        var random = new CounterRandom(Seed + 1, (ulong)index);
        var labels = new int[rowCount];
        foreach (ref var label in labels.AsSpan()) label = random.NextInt32(classCount);
        return labels;
    }
}

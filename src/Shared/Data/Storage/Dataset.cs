using System.Collections.Immutable;
using DistTrain.Data.Schema;

namespace DistTrain.Data.Storage;

/// <summary>A dataset to work with here: what workers open shards from, and what everyone knows about it.</summary>
public sealed class Dataset : IShardSource
{
    readonly IShardSource _shards;
    readonly Func<DatasetPart, ShardId, ShardRows> _rowsOf;

    /// <summary>Shards that are held in memory in their kernel form; rows are made of it where they are wanted.</summary>
    internal Dataset(
        DatasetManifest manifest, FeatureSchema schema, ClassList classes, ImmutableArray<Shard> training, ImmutableArray<Shard> validation)
    {
        (Manifest, Schema, Classes) = (manifest, schema, classes);
        _rowsOf = (part, shard) => new ShardRows(FormOf(part, shard), manifest.Layout);
        _shards = new ShardForms(manifest, FormOf, shard => _rowsOf(DatasetPart.Training, shard));

        Shard FormOf(DatasetPart part, ShardId shard) => (part == DatasetPart.Training ? training : validation)[shard.Index];
    }

    /// <summary>Shards whose rows are made, or found, when they are asked for.</summary>
    /// <param name="rowsOf">Asked again for each use of them.</param>
    /// <param name="shards">Where the forms come from; null: made here of the rows.</param>
    internal Dataset(
        DatasetManifest manifest, FeatureSchema schema, ClassList classes, Func<DatasetPart, ShardId, ShardRows> rowsOf,
        IShardSource? shards = null)
    {
        (Manifest, Schema, Classes, _rowsOf) = (manifest, schema, classes, rowsOf);
        _shards = shards ?? new ShardForms(
            manifest, (part, shard) => rowsOf(part, shard).ToShard(shard), shard => rowsOf(DatasetPart.Training, shard));
    }

    public DatasetManifest Manifest { get; }

    public FeatureSchema Schema { get; }

    public ClassList Classes { get; }

    public Shard Open(DatasetPart part, ShardId shard) => _shards.Open(part, shard);

    public Shard OpenSlice(ShardSlice slice) => _shards.OpenSlice(slice);

    /// <summary>The same rows to be judged by a model: all of them held out, and nothing to train on.</summary>
    public Dataset ToJudge()
    {
        var (featureCount, classCount, trainingShards) = (Manifest.FeatureCount, Manifest.ClassCount, Manifest.ShardCount);
        var manifest = Manifest with
        {
            TrainingRows = [],
            ValidationRows = [.. Manifest.TrainingRows, .. Manifest.ValidationRows],
            TrainingHashes = [],
            ValidationHashes = [.. Manifest.TrainingHashes, .. Manifest.ValidationHashes],
            WeightSum = 0,
            ValidationWeightSum = Manifest.WeightSum + Manifest.ValidationWeightSum,
            ClassWeights = [.. new double[classCount]],
            AbsoluteSums = new double[featureCount],
            Sums = new double[featureCount],
            SquareSums = new double[featureCount],
            ClassFeatureSums = new double[Manifest.ClassFeatureSums.Length],
            ClassSquareSums = new double[Manifest.ClassSquareSums.Length],
        };
        return new Dataset(manifest, Schema, Classes, (_, shard) => shard.Index < trainingShards
            ? _rowsOf(DatasetPart.Training, shard)
            : _rowsOf(DatasetPart.Validation, new ShardId(shard.Index - trainingShards)));
    }

    /// <summary>The rows of each shard, one after the other.</summary>
    internal IEnumerable<ShardRows> RowsOf(DatasetPart part) =>
        Manifest.RowsOf(part).Select((_, index) => _rowsOf(part, new ShardId(index)));
}

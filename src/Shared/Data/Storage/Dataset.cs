using System.Collections.Immutable;
using DistTrain.Data.Schema;

namespace DistTrain.Data.Storage;

/// <summary>A dataset in memory: what workers open shards from, and what everyone knows about it. Shards are held by rows.</summary>
public sealed class Dataset : IShardSource
{
    readonly ImmutableArray<ShardRows> _training;
    readonly ImmutableArray<ShardRows> _validation;
    readonly ShardForms _forms;

    internal Dataset(
        DatasetManifest manifest, FeatureSchema schema, ClassList classes,
        ImmutableArray<ShardRows> training, ImmutableArray<ShardRows> validation)
    {
        (Manifest, Schema, Classes) = (manifest, schema, classes);
        (_training, _validation) = (training, validation);
        _forms = new ShardForms(manifest, (part, shard) => RowsOf(part)[shard.Index], shard => training[shard.Index]);
    }

    public DatasetManifest Manifest { get; }

    public FeatureSchema Schema { get; }

    public ClassList Classes { get; }

    public Shard Open(DatasetPart part, ShardId shard) => _forms.Open(part, shard);

    public Shard OpenBatch(ShardId shard, int batch, int batchCount) => _forms.OpenBatch(shard, batch, batchCount);

    /// <summary>The same rows to be judged by a model: all of them held out, and nothing to train on.</summary>
    public Dataset ToJudge()
    {
        var (featureCount, classCount) = (Manifest.FeatureCount, Manifest.ClassCount);
        var manifest = Manifest with
        {
            TrainingRows = [],
            ValidationRows = [.. Manifest.TrainingRows, .. Manifest.ValidationRows],
            WeightSum = 0,
            ValidationWeightSum = Manifest.WeightSum + Manifest.ValidationWeightSum,
            ClassWeights = [.. new double[classCount]],
            AbsoluteSums = new double[featureCount],
            Sums = new double[featureCount],
            SquareSums = new double[featureCount],
            ClassFeatureSums = new double[Manifest.ClassFeatureSums.Length],
            ClassSquareSums = new double[Manifest.ClassSquareSums.Length],
        };
        return new Dataset(manifest, Schema, Classes, [], [.. _training, .. _validation]);
    }

    /// <summary>The rows of each shard.</summary>
    internal ImmutableArray<ShardRows> RowsOf(DatasetPart part) => part == DatasetPart.Training ? _training : _validation;
}

using System.Collections.Immutable;
using DistTrain.Numerics;

namespace DistTrain.Data.Storage;

/// <summary>
/// What everyone must agree on about a dataset before training: shape, layout, shards and statistics of the training part.
/// </summary>
/// <remarks>
/// Statistics are doubles added per shard and merged in shard order, so they are the same on every machine. Held features.
/// </remarks>
public sealed record DatasetManifest
{
    /// <summary>SHA-256, in hex, of everything that the arithmetic sees: schema, layout, shards' content, split, seed.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Of the split and the order of rows.</summary>
    public ulong Seed { get; init; }

    public required FeatureLayout Layout { get; init; }

    /// <summary>K: classes with training weight, the ones the softmax ranges over. At least 2.</summary>
    public required int ClassCount { get; init; }

    /// <summary>
    /// Ascending places in the class list of the classes without training weight (<see cref="Schema.ClassList.Inactive"/>).
    /// </summary>
    public required ImmutableArray<int> InactiveClasses { get; init; }

    /// <summary>Rows of each training shard.</summary>
    public required ImmutableArray<int> TrainingRows { get; init; }

    /// <summary>Rows of each validation shard; empty where nothing is held out.</summary>
    public required ImmutableArray<int> ValidationRows { get; init; }

    /// <summary>For each training shard the SHA-256, in hex, of its rows: <see cref="Fingerprint"/> is made of these.</summary>
    public ImmutableArray<string> TrainingHashes { get; init; } = [];

    /// <summary>The same for each validation shard.</summary>
    public ImmutableArray<string> ValidationHashes { get; init; } = [];

    /// <summary>S = Σ wᵢ of the training part.</summary>
    public required double WeightSum { get; init; }

    /// <summary>Σ wᵢ of the validation part.</summary>
    public required double ValidationWeightSum { get; init; }

    /// <summary>For each active class, Σ wᵢ of its training rows; all positive.</summary>
    public required ImmutableArray<double> ClassWeights { get; init; }

    /// <summary>A_d = Σ wᵢ |xᵢd|, as held.</summary>
    public required double[] AbsoluteSums { get; init; }

    /// <summary>Σ wᵢ xᵢd, as held.</summary>
    public required double[] Sums { get; init; }

    /// <summary>Σ wᵢ xᵢd², as held.</summary>
    public required double[] SquareSums { get; init; }

    /// <summary>For class k and feature d, Σ wᵢ xᵢd over the rows of class k, at [k·D + d], as held. The certificate needs it.</summary>
    public required double[] ClassFeatureSums { get; init; }

    /// <summary>The same of xᵢd², at [k·D + d], as held. Class weights need it.</summary>
    public required double[] ClassSquareSums { get; init; }

    /// <summary>
    /// By how much the dense values of training rows were changed when they were rounded to <see cref="FeatureLayout.TrainingFormat"/>.
    /// </summary>
    public RoundingSums Rounding { get; init; }

    /// <summary>Rows in all training shards.</summary>
    public int TrainingRowCount => TrainingRows.Sum();

    /// <summary>Rows in all validation shards.</summary>
    public int ValidationRowCount => ValidationRows.Sum();

    public int ShardCount => TrainingRows.Length;

    public int FeatureCount => Layout.FeatureCount;

    public ImmutableArray<int> RowsOf(DatasetPart part) => part == DatasetPart.Training ? TrainingRows : ValidationRows;

    public ImmutableArray<string> HashesOf(DatasetPart part) => part == DatasetPart.Training ? TrainingHashes : ValidationHashes;
}

/// <summary>The two parts of a dataset.</summary>
public enum DatasetPart
{
    Training,
    Validation,
}

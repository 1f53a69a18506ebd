using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Datasets;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Input;

/// <summary>
/// A dataset on disk as an input: all about it but its rows, and a way to these. Dense rows stay in its files, which are mapped.
/// </summary>
/// <param name="Shown">Its folder as typed.</param>
/// <param name="Path">The same, absolute.</param>
/// <param name="Files">All its files.</param>
sealed record StoredInput(string Shown, string Path, StoredDataset Dataset, WrittenDataset Files, MappedFolder Folder)
{
    /// <summary>The word of --format for it.</summary>
    public const string FormatWord = "dataset";

    /// <summary>What there is to say of it.</summary>
    public ImmutableArray<string> Findings =>
    [
        $"format    {FormatWord} ({Figures.Count(Dataset.Manifest.ShardCount, "shard", "shards")}, seed {Dataset.Manifest.Seed}, " +
            $"prepared by version {Dataset.Origin.ProductVersion})",
    ];

    /// <summary>How large it will be in memory: what stays in files counts for nothing.</summary>
    public DatasetSize Size => new()
    {
        FeatureCount = Dataset.Manifest.FeatureCount,
        ClassCount = Dataset.Manifest.ClassCount,
        RowCount = RowCount,
        DenseStride = 0,
        CodedCount = Dataset.Manifest.Layout.Coded.Length,
        NonzeroCount = NonzeroCountMax,
        ValuedNonzeroCount = HasOthersThanOnes ? NonzeroCountMax / 4 : 0,
        SparseColumnCount = Math.Min(NonzeroCountMax, (long)Dataset.Manifest.Layout.SparseCount * FilesOfShards.Count()),
        TableBytes = 0,
        LargestShard = (RowsOfShards.Max(), NonzeroCountOf(FilesOfShards.Max(file => file.Bytes))),
    };

    int RowCount => Dataset.Manifest.TrainingRowCount + Dataset.Manifest.ValidationRowCount;

    long NonzeroCountMax => NonzeroCountOf(FilesOfShards.Sum(file => file.Bytes));

    IEnumerable<int> RowsOfShards => Dataset.Manifest.TrainingRows.Concat(Dataset.Manifest.ValidationRows);

    IEnumerable<StoredFile> FilesOfShards => Dataset.Files.Training.Concat(Dataset.Files.Validation);

    /// <summary>
    /// Nonzeros and values together are then told to take, at most, what they do: with its value a nonzero takes eight bytes of a file, so
    /// that there are half as many as without.
    /// </summary>
    bool HasOthersThanOnes =>
        Enumerable.Range(Dataset.Manifest.Layout.SparseFirst, Dataset.Manifest.Layout.SparseCount)
            .Any(d => Dataset.Manifest.AbsoluteSums[d] != Dataset.Manifest.SquareSums[d]);

    /// <summary>At most: a nonzero takes four bytes of a file at least.</summary>
    long NonzeroCountOf(long bytes) => Dataset.Manifest.Layout.SparseCount == 0 ? 0 : bytes / sizeof(int);

    /// <summary>Whether the inputs typed are a dataset: --format says so, or the one input is a folder that holds one.</summary>
    /// <param name="format">As typed, or null.</param>
    public static bool IsMeant(IReadOnlyList<string> inputs, string? format, CliEnvironment environment) =>
        format == FormatWord
        || format is null && inputs is [var folder] && !InputFiles.IsSample(folder)
            && MappedFolder.HoldsDataset(environment.FullPath(folder));

    /// <exception cref="DistTrainException">DT4701 to DT4706, exit 4.</exception>
    public static StoredInput Open(string typed, CliEnvironment environment)
    {
        var shown = System.IO.Path.TrimEndingDirectorySeparator(typed);
        var folder = new MappedFolder(environment.FullPath(shown), shown);
        var manifest = folder.ReadManifest();
        return new StoredInput(
            shown, environment.FullPath(shown), DatasetReader.Read(manifest, folder),
            DatasetReader.FilesOf(manifest, folder.ShownNameOf(DatasetNames.Manifest)), folder);
    }

    /// <summary>The dataset to work with: no shard is read before it is asked for.</summary>
    public Dataset Open(ShardRoom room) => DatasetReader.Open(Dataset, Folder, room);

    /// <summary>Reads every row, and with it every file.</summary>
    /// <exception cref="DistTrainException">DT4704 to DT4707, exit 4: what is there is not what was written.</exception>
    public void Check(IParallelFor parallel) => DatasetReader.ReadRows(Dataset, Folder, parallel);
}

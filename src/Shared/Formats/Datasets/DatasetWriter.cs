using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>Puts a file of a dataset into its place, whole or not at all, before it returns.</summary>
/// <param name="name">Its name in the dataset's folder.</param>
/// <param name="write">Writes the content.</param>
public delegate void PutFile(string name, Action<Stream> write);

/// <summary>A dataset as files: the same bytes whoever writes it, wherever and however often.</summary>
public static class DatasetWriter
{
    /// <summary>Writes all files, the manifest last.</summary>
    /// <exception cref="DistTrainException">DT3507, DT3508: it does not fit the files; nothing was written.</exception>
    public static WrittenDataset Write(Dataset dataset, DatasetOrigin origin, PutFile put) => Write(dataset, origin, put, ArrowFile.BytesMax);

    /// <summary>The same with another limit on the bytes of a file.</summary>
    internal static WrittenDataset Write(Dataset dataset, DatasetOrigin origin, PutFile put, long bytesMax)
    {
        RequireFit(dataset, bytesMax);
        return WriteRest(
            dataset.Manifest, dataset.Schema, dataset.Classes, origin, put,
            WriteShards(dataset, DatasetPart.Training, put), WriteShards(dataset, DatasetPart.Validation, put));
    }

    /// <summary>Writes what belongs to shards that are there already, the manifest last.</summary>
    internal static WrittenDataset WriteRest(
        DatasetManifest manifest, FeatureSchema schema, ClassList classes, DatasetOrigin origin, PutFile put,
        ImmutableArray<StoredFile> training, ImmutableArray<StoredFile> validation)
    {
        RequireFit(manifest, ArrowFile.BytesMax);
        var files = new StoredFiles(
            Put(put, DatasetNames.Features, stream => FeatureFile.Write(stream, schema)),
            Put(put, DatasetNames.Statistics, stream => StatisticsFile.Write(stream, manifest)),
            Put(put, DatasetNames.ClassStatistics, stream => ClassStatisticsFile.Write(stream, manifest)),
            training, validation);
        var stored = new StoredDataset(manifest, schema, classes, files, origin);
        var file = Put(put, DatasetNames.Manifest, stream => ManifestFile.Write(stream, stored));
        return new WrittenDataset(manifest.Fingerprint, file, files);
    }

    /// <summary>Writes a file, and says what it is.</summary>
    internal static StoredFile Put(PutFile put, string name, Action<Stream> write)
    {
        StoredFile? file = null;
        put(name, stream =>
        {
            using var hashing = new HashingStream(stream);
            write(hashing);
            file = new StoredFile(name, hashing.Position, hashing.Sha256());
        });
        return file ?? throw new InvalidOperationException($"{name} was not written.");
    }

    /// <exception cref="DistTrainException">DT3507: the shard does not fit a file.</exception>
    internal static void RequireFit(DatasetPart part, ShardId shard, ShardRows rows, FeatureLayout layout, long bytesMax)
    {
        var bytes = ShardFile.BytesOf(rows, layout);
        if (bytes > bytesMax) throw StoredProblems.ShardTooLarge(part, shard, bytes, bytesMax).AsException();
    }

    static ImmutableArray<StoredFile> WriteShards(Dataset dataset, DatasetPart part, PutFile put) =>
        [.. dataset.RowsOf(part).Select((rows, index) => Put(
            put, DatasetNames.Of(part, new ShardId(index)), stream => ShardFile.Write(stream, rows, dataset.Manifest.Layout)))];

    static void RequireFit(Dataset dataset, long bytesMax)
    {
        RequireFit(dataset.Manifest, bytesMax);
        foreach (var part in Enum.GetValues<DatasetPart>())
        {
            foreach (var (index, rows) in dataset.RowsOf(part).Index())
                RequireFit(part, new ShardId(index), rows, dataset.Manifest.Layout, bytesMax);
        }
    }

    static void RequireFit(DatasetManifest manifest, long bytesMax)
    {
        var statistics = ClassStatisticsFile.BytesOf(manifest);
        if (statistics > bytesMax) throw StoredProblems.TooManyNumbers(DatasetNames.ClassStatistics, statistics, bytesMax).AsException();
    }
}

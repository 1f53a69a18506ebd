using System.Collections.Immutable;
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
        var (manifest, writer) = (dataset.Manifest, new Writer(put));
        var files = new StoredFiles(
            writer.Put(DatasetNames.Features, stream => FeatureFile.Write(stream, dataset.Schema)),
            writer.Put(DatasetNames.Statistics, stream => StatisticsFile.Write(stream, manifest)),
            writer.Put(DatasetNames.ClassStatistics, stream => ClassStatisticsFile.Write(stream, manifest)),
            WriteShards(dataset, DatasetPart.Training, writer), WriteShards(dataset, DatasetPart.Validation, writer));
        var stored = new StoredDataset(manifest, dataset.Schema, dataset.Classes, files, origin);
        var file = writer.Put(DatasetNames.Manifest, stream => ManifestFile.Write(stream, stored));
        return new WrittenDataset(manifest.Fingerprint, file, files);
    }

    static ImmutableArray<StoredFile> WriteShards(Dataset dataset, DatasetPart part, Writer writer) =>
        [.. dataset.RowsOf(part).Select((rows, index) => writer.Put(
            DatasetNames.Of(part, new ShardId(index)), stream => ShardFile.Write(stream, rows, dataset.Manifest.Layout)))];

    static void RequireFit(Dataset dataset, long bytesMax)
    {
        var statistics = ClassStatisticsFile.BytesOf(dataset.Manifest);
        if (statistics > bytesMax) throw StoredProblems.TooManyNumbers(DatasetNames.ClassStatistics, statistics, bytesMax).AsException();
        foreach (var part in Enum.GetValues<DatasetPart>())
        {
            foreach (var (index, rows) in dataset.RowsOf(part).Index())
            {
                var bytes = ShardFile.BytesOf(rows, dataset.Manifest.Layout);
                if (bytes > bytesMax) throw StoredProblems.ShardTooLarge(part, new ShardId(index), bytes, bytesMax).AsException();
            }
        }
    }

    /// <summary>Writes files one after the other and keeps their hashes.</summary>
    sealed class Writer(PutFile put)
    {
        public StoredFile Put(string name, Action<Stream> write)
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
    }
}

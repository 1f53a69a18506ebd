using System.Security.Cryptography;
using DistTrain.Data.Storage;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>From files to datasets. Whatever differs from what was written is refused by the file's name.</summary>
public static class DatasetReader
{
    /// <summary>Which files belong to a dataset; none is opened.</summary>
    /// <param name="manifest">Content of the manifest file.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <exception cref="DistTrainException">DT4702, DT4703, exit 4.</exception>
    public static WrittenDataset FilesOf(ReadOnlyMemory<byte> manifest, string shown)
    {
        var (text, hash) = (ManifestFileReader.Read(manifest, shown), Convert.ToHexStringLower(SHA256.HashData(manifest.Span)));
        return new WrittenDataset(text.Manifest.Fingerprint, new StoredFile(DatasetNames.Manifest, manifest.Length, hash), text.Files);
    }

    /// <summary>All about a dataset but its rows.</summary>
    /// <param name="manifest">Content of the manifest file.</param>
    /// <exception cref="DistTrainException">DT4702 to DT4707, exit 4: its fingerprint too is checked, against the shards' hashes.</exception>
    public static StoredDataset Read(ReadOnlyMemory<byte> manifest, IStoredContent content)
    {
        var text = ManifestFileReader.Read(manifest, content.ShownNameOf(DatasetNames.Manifest));
        var schema = FeatureFile.Read(content.Open(text.Files.Features), text.Columns, RefuseOf(text.Files.Features, content));
        var statistics = StatisticsFile.Read(
            content.Open(text.Files.Statistics), text.Manifest, schema.FeatureCount, RefuseOf(text.Files.Statistics, content));
        var complete = ClassStatisticsFile.Read(
            content.Open(text.Files.ClassStatistics), statistics, RefuseOf(text.Files.ClassStatistics, content));
        var found = DatasetFingerprint.Of(
            schema, text.Classes, complete.Layout, complete.Seed, complete.TrainingHashes, complete.ValidationHashes);
        if (found != complete.Fingerprint)
            throw StoredProblems.OtherFingerprint(content.ShownNameOf(DatasetNames.Manifest), found, complete.Fingerprint).AsException();
        return new StoredDataset(complete, schema, text.Classes, text.Files, text.Origin);
    }

    /// <summary>The dataset as its manifest describes it; each shard's file is read, and checked by its hash, when it is first opened.</summary>
    /// <param name="room">What opened shards may take of memory.</param>
    public static Dataset Open(StoredDataset stored, IStoredContent content, ShardRoom room) =>
        DatasetOf(stored, new StoredShards(stored, content, room));

    /// <summary>
    /// The whole dataset: equal in every bit to the one that was written, which its shards' hashes show. All rows are read for that, and
    /// none is kept.
    /// </summary>
    /// <param name="parallel">Opens and hashes shards; null: one after the other.</param>
    /// <exception cref="DistTrainException">DT4704 to DT4707, exit 4.</exception>
    public static Dataset ReadRows(StoredDataset stored, IStoredContent content, IParallelFor? parallel = null)
    {
        var shards = new StoredShards(stored, content, ShardRoom.Unlimited);
        foreach (var part in Enum.GetValues<DatasetPart>())
        {
            var hashes = stored.Manifest.HashesOf(part);
            (parallel ?? SerialFor.Instance).Run(hashes.Length, shard => RequireRows(part, new ShardId(shard), hashes[shard]));
        }
        return DatasetOf(stored, shards);

        void RequireRows(DatasetPart part, ShardId shard, string expected)
        {
            if (DatasetFingerprint.HashOf(shards.RowsOf(part, shard)) != expected)
                throw StoredProblems.OtherRows(content.ShownNameOf(stored.Files.Of(part, shard).Name)).AsException();
        }
    }

    /// <summary>The rows of one shard.</summary>
    internal static ShardRows ReadShard(
        StoredDataset stored, DatasetPart part, ShardId shard, ReadOnlyMemory<byte> file, IStoredContent content) =>
        ShardFile.Read(
            file, stored.Manifest.RowsOf(part)[shard.Index], stored.Manifest, RefuseOf(stored.Files.Of(part, shard), content));

    static Dataset DatasetOf(StoredDataset stored, StoredShards shards) =>
        new(stored.Manifest, stored.Schema, stored.Classes, shards.RowsOf, shards);

    static Func<string, DistTrainException> RefuseOf(StoredFile file, IStoredContent content) =>
        what => StoredProblems.OtherContent(content.ShownNameOf(file.Name), what).AsException();
}

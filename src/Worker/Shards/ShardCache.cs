using System.Security.Cryptography;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Blocks;
using DistTrain.Node.Compute;
using DistTrain.Node.Datasets;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Shards;

/// <summary>
/// Opens datasets that coordinators offer, with a thread of its own, and keeps what it fetched of them on disk, under a bound, across
/// runs and restarts. Everything is checked by hash before it is used.
/// </summary>
public sealed class ShardCache(ShardCacheOptions options, IBlockClient client) : IDatasetOpener, IDisposable
{
    /// <summary>A manifest's length is not offered: what one of a million shards would have.</summary>
    const long ManifestBytes = 256 << 20;

    readonly CachedFiles _files = new(options);
    readonly ComputeThreads _opener = new("dataset", 1);
    readonly CancellationTokenSource _stopping = new();

    /// <exception cref="DistTrainException">DT3231: it is not the dataset that was offered; DT4702 to DT4706: damaged where it lies.</exception>
    public Task<OpenedDataset> OpenAsync(DatasetOffer offer, CancellationToken cancellation) =>
        _opener.Run(_ => Open(offer, cancellation)).WaitAsync(cancellation);

    public void Dispose()
    {
        _stopping.Cancel();
        _opener.Dispose();
        _stopping.Dispose();
    }

    OpenedDataset Open(DatasetOffer offer, CancellationToken cancellation)
    {
        var (manifest, folder) = FindShared(offer) ?? (ReadOrFetch(offer, cancellation), null);
        var content = new OfferedContent(offer, folder, _files, client, options, _stopping.Token);
        var dataset = DatasetReader.Read(manifest, content);
        if (dataset.Manifest.Fingerprint != offer.Fingerprint) throw OtherDataset(offer, dataset.Manifest.Fingerprint).AsException();
        var shards = new StoredShards(dataset, content, options.Room);
        return new OpenedDataset(dataset.Manifest, shards, () => CachedOf(dataset, shards, content)) { Follow = content.Follow };
    }

    /// <summary>The manifest that was offered, and its folder, where that can be seen from here.</summary>
    static (byte[] Manifest, MappedFolder? Folder)? FindShared(DatasetOffer offer)
    {
        if (!Path.IsPathFullyQualified(offer.Path)) return null;
        var folder = new MappedFolder(offer.Path, offer.Path);
        try
        {
            var manifest = folder.ReadManifest();
            return HashOf(manifest) == offer.ManifestHash ? (manifest, folder) : null;
        }
        catch (DistTrainException)
        {
            return null;
        }
    }

    byte[] ReadOrFetch(DatasetOffer offer, CancellationToken cancellation)
    {
        if (_files.TryRead(offer.ManifestHash) is { } cached && HashOf(cached) == offer.ManifestHash) return cached;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        using var bytes = new MemoryStream();
        client.FetchFileAsync(offer.ManifestHash, offer.Sources, bytes, options.DeadlineOf(ManifestBytes), stopping.Token)
            .GetAwaiter().GetResult();
        var manifest = bytes.ToArray();
        _files.Add(offer.ManifestHash, manifest.Length, stream => stream.Write(manifest));
        return manifest;
    }

    static ShardSet CachedOf(StoredDataset dataset, StoredShards shards, OfferedContent content) => ShardSet.Of(
        dataset.Files.Training.Index()
            .Where(file => shards.IsOpen(DatasetPart.Training, new ShardId(file.Index)) || content.IsNear(file.Item))
            .Select(file => new ShardId(file.Index)));

    static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static Problem OtherDataset(DatasetOffer offer, string found) => new(
        "DT3231", ExitCode.Configuration, $"{offer.Path}: the dataset there has fingerprint {found}; the run's is {offer.Fingerprint}",
        "fix: start the coordinator again; it writes the dataset of its run anew")
    {
        File = offer.Path,
    };
}

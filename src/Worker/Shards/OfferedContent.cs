using System.Collections.Concurrent;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Blocks;
using DistTrain.Node.Datasets;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Worker.Shards;

/// <summary>
/// The files of a dataset that a coordinator offers: from its folder where that can be seen from here, else from the cache, else fetched
/// into it. Only files that are asked for are fetched.
/// </summary>
/// <param name="shared">The folder, where it holds the manifest that was offered; else null.</param>
sealed class OfferedContent(
    DatasetOffer offer, MappedFolder? shared, CachedFiles cache, IBlockClient client, ShardCacheOptions options, CancellationToken stopping)
    : IStoredContent, IDisposable
{
    readonly FilesAhead _ahead = new();
    readonly ConcurrentBag<MappedFile> _mapped = [];
    readonly ConcurrentDictionary<string, MappedFile> _latest = new(StringComparer.Ordinal);

    /// <summary>Of the coordinator that the worker belongs to now, or did last.</summary>
    volatile DatasetOffer _offer = offer;

    /// <summary>Blocks while it fetches.</summary>
    /// <exception cref="DistTrainException">What was fetched is not the file (DT4705).</exception>
    /// <exception cref="BlockFetchException">No source gave it in time.</exception>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public ReadOnlyMemory<byte> Open(StoredFile file)
    {
        if (OpenShared(file) is { } bytes) return bytes;
        var mapped = cache.TryMap(file) ?? Fetch(file);
        _mapped.Add(mapped);
        _latest[file.Sha256] = mapped;
        return mapped.Memory;
    }

    /// <summary>From now on what is missing is fetched from the sources of <paramref name="latest"/>, an offer of the same dataset.</summary>
    public void Follow(DatasetOffer latest) => _offer = latest;

    /// <summary>Only of what is here: a fetch would wait for its turn on somebody else's thread.</summary>
    public void ReadAhead(StoredFile file)
    {
        if (_latest.TryGetValue(file.Sha256, out var mapped)) _ahead.Begin(mapped.Path);
        else shared?.ReadAhead(file);
    }

    public void Await(StoredFile file)
    {
        if (_latest.TryGetValue(file.Sha256, out var mapped)) _ahead.Await(mapped.Path);
        else shared?.Await(file);
    }

    public void LetGo(StoredFile file)
    {
        if (_latest.TryGetValue(file.Sha256, out var mapped)) mapped.LetGo();
        else shared?.LetGo(file);
    }

    public string ShownNameOf(string fileName) => $"{_offer.Path}/{fileName}";

    /// <summary>Whether a file can be opened without fetching it.</summary>
    public bool IsNear(StoredFile file) => shared is not null || cache.Holds(file.Sha256);

    public void Dispose()
    {
        _ahead.Dispose();
        shared?.Dispose();
        while (_mapped.TryTake(out var file)) ((IDisposable)file).Dispose();
    }

    /// <summary>A shared folder that fails, or has changed, is no reason to stop: there is another way to the file.</summary>
    ReadOnlyMemory<byte>? OpenShared(StoredFile file)
    {
        try
        {
            return shared?.Open(file);
        }
        catch (DistTrainException) when (!_offer.Sources.IsEmpty)
        {
            return null;
        }
    }

    MappedFile Fetch(StoredFile file)
    {
        cache.Add(file.Sha256, file.Bytes, stream =>
            client.FetchFileAsync(file.Sha256, _offer.Sources, stream, options.DeadlineOf(file.Bytes), stopping).GetAwaiter().GetResult());
        return cache.TryMap(file) ?? throw new IOException($"{ShownNameOf(file.Name)} was fetched and is gone from the cache.");
    }
}

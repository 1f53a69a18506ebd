using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Blocks;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Worker.Tests.Shards;

/// <summary>The files of a dataset as a coordinator gives them, by hash; and who asked for what.</summary>
sealed class FilesOfCoordinator : IBlockClient
{
    readonly Dictionary<string, byte[]> _byHash = new(StringComparer.Ordinal);

    public FilesOfCoordinator(Dataset dataset, string? fingerprint = null)
    {
        var origin = new DatasetOrigin("1.0", new(null, null, null, null, null), null, []);
        Written = DatasetWriter.Write(dataset, origin, (name, write) =>
        {
            using var stream = new MemoryStream();
            write(stream);
            Contents[name] = stream.ToArray();
        });
        foreach (var file in Written.All) _byHash[file.Sha256] = Contents[file.Name];
        Offer = new DatasetOffer(fingerprint ?? Written.Fingerprint, Written.Manifest.Sha256, "/nowhere", ["http://127.0.0.1:1"]);
    }

    public WrittenDataset Written { get; }

    public Dictionary<string, byte[]> Contents { get; } = [];

    /// <summary>Only the sources of the latest answer.</summary>
    public DatasetOffer Offer { get; private set; }

    /// <summary>Names of the files fetched, in no order.</summary>
    public ConcurrentBag<string> Fetched { get; } = [];

    /// <summary>Whether no source answers.</summary>
    public bool IsGone { get; set; }

    /// <summary>Another coordinator, elsewhere, has the files from now on.</summary>
    public void MoveTo(string source) => Offer = Offer with { Sources = [source] };

    /// <summary>Writes all files into a folder.</summary>
    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in Contents) File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    public Task FetchFileAsync(
        string sha256, ImmutableArray<string> sources, Stream destination, TimeSpan deadline, CancellationToken cancellation)
    {
        Assert.Equal(Offer.Sources, sources);
        Assert.InRange(deadline, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        if (IsGone) throw new BlockFetchException("nobody answers");
        Fetched.Add(Written.All.Single(file => file.Sha256 == sha256).Name);
        var bytes = _byHash[sha256];
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return destination.WriteAsync(bytes, cancellation).AsTask();
    }

    public Task<T> FetchAsync<T>(
        Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();
}

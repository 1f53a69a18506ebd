using System.Collections.Concurrent;

namespace DistTrain.Node.Blocks;

/// <summary>Files that other nodes may fetch, each put here by name. Thread-safe.</summary>
public sealed class PublishedFiles : IFileSupplier
{
    static readonly FileStreamOptions Reading = new()
    {
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        BufferSize = 0, // Whoever sends a file reads it in large pieces.
    };

    readonly ConcurrentDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>From now on the file is given to whoever knows its hash.</summary>
    /// <param name="sha256">64 lower-case hex digits; of its content, which is not to change. Who fetches it checks.</param>
    public void Publish(string sha256, string path)
    {
        if (!ContentName.IsSha256(sha256)) throw new ArgumentException($"'{sha256}' is no SHA-256 in lower-case hex.", nameof(sha256));
        _paths[sha256] = Path.GetFullPath(path);
    }

    /// <summary>Gives it to nobody.</summary>
    public void Withdraw(string sha256) => _paths.TryRemove(sha256, out _);

    public Stream? TryOpen(string sha256)
    {
        if (!_paths.TryGetValue(sha256, out var path)) return null;
        try
        {
            return new FileStream(path, Reading);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

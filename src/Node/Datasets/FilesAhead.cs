using System.Collections.Concurrent;
using DistTrain.Node.Compute;

namespace DistTrain.Node.Datasets;

/// <summary>
/// Reads files from the disk into the system's memory before others read them mapped, on threads of its own, in the order asked for.
/// Nothing fails for its sake, and bytes stay the same. Thread-safe.
/// </summary>
/// <remarks>
/// By plain reading from the first byte to the last: the system then asks the disk for long stretches and holds them in large pieces, which
/// it does neither where it is only advised that a file will be needed nor where pages are brought because somebody misses them.
/// </remarks>
public sealed class FilesAhead : IDisposable
{
    /// <summary>Small enough to stay in a processor's cache: what is read here is thrown away.</summary>
    const int BufferBytes = 1 << 17;

    /// <summary>Who waited in vain has the file read page by page.</summary>
    static readonly TimeSpan AwaitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Two: while one waits for the disk, the other takes what it brought.</summary>
    const int ThreadCount = 2;

    readonly Lazy<ComputeThreads> _readers = new(() => new ComputeThreads("files-ahead", ThreadCount));
    readonly ConcurrentDictionary<string, Task> _asked = new(StringComparer.Ordinal);

    /// <summary>Begins to read a file; one that is being read already is not read twice.</summary>
    public void Begin(string path) =>
        _asked.AddOrUpdate(path, Start, (_, earlier) => earlier.IsCompleted ? Start(path) : earlier);

    /// <summary>Waits for a file that was asked for, for ten seconds at most; returns at once where it was not.</summary>
    public void Await(string path)
    {
        if (_asked.TryRemove(path, out var reading)) Task.WaitAny([reading], AwaitTimeout);
    }

    public void Dispose()
    {
        if (_readers.IsValueCreated) _readers.Value.Dispose();
    }

    Task Start(string path) => _readers.Value.Run(stopping => Read(path, stopping));

    static bool Read(string path, CancellationToken stopping)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var read; at += read) stopping.ThrowIfCancellationRequested();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Whoever reads the file will say so.
        }
    }
}

using System.Collections.Concurrent;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Datasets;
using DistTrain.Problems;

namespace DistTrain.Worker.Shards;

/// <summary>
/// Files on disk under the names of their SHA-256, shared by all processes that use the folder: whole or not there, checked whenever one
/// is first opened. What is in use here is never removed here; another process may, which takes its name and not its content.
/// </summary>
sealed class CachedFiles(ShardCacheOptions options)
{
    /// <summary>Age at which a file that is still being written was left behind.</summary>
    static readonly TimeSpan TemporaryAge = TimeSpan.FromHours(1);

    const string TemporaryEnd = ".tmp";

    readonly ConcurrentDictionary<string, bool> _used = new(StringComparer.Ordinal);
    readonly Lock _removing = new();

    public bool Holds(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>A file mapped and checked; null where it is not there, or was damaged and is now gone.</summary>
    public MappedFile? TryMap(StoredFile file)
    {
        _used[file.Sha256] = true;
        MappedFile mapped;
        try
        {
            mapped = MappedFile.Open(PathOf(file.Sha256));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        try
        {
            file.RequireIn(mapped.Memory, PathOf(file.Sha256));
            Touch(file.Sha256);
            return mapped;
        }
        catch (DistTrainException)
        {
            ((IDisposable)mapped).Dispose();
            Remove(PathOf(file.Sha256));
            return null;
        }
    }

    /// <summary>The content of a small file, not checked; null where it is not there.</summary>
    public byte[]? TryRead(string sha256)
    {
        try
        {
            return File.ReadAllBytes(PathOf(sha256));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Puts a file into its place when <paramref name="fetch"/> has written it. What may be removed makes room for it first.</summary>
    public void Add(string sha256, long bytes, Action<Stream> fetch)
    {
        Directory.CreateDirectory(options.Folder);
        _used[sha256] = true;
        MakeRoom(bytes);
        var temporary = $"{PathOf(sha256)}.{Guid.NewGuid():N}{TemporaryEnd}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)) fetch(stream);
            File.Move(temporary, PathOf(sha256), overwrite: true);
        }
        finally
        {
            Remove(temporary);
        }
    }

    void MakeRoom(long bytes)
    {
        lock (_removing)
        {
            var files = new DirectoryInfo(options.Folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
            var total = files.Sum(LengthOf) + bytes;
            foreach (var file in files)
            {
                var isLeft = file.Name.EndsWith(TemporaryEnd, StringComparison.Ordinal);
                if (isLeft ? DateTime.UtcNow - file.LastWriteTimeUtc < TemporaryAge : total <= options.BytesMax || _used.ContainsKey(file.Name))
                    continue;
                total -= LengthOf(file);
                Remove(file.FullName);
            }
        }
    }

    /// <summary>The time of writing says when a file was last wanted: access times are off on many disks.</summary>
    void Touch(string sha256)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(sha256), DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is removed earlier than it should, and fetched again.
        }
    }

    static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // Another process was quicker.
        }
    }

    static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A system that keeps files in use: it is removed another time.
        }
    }

    string PathOf(string sha256) => Path.Combine(options.Folder, sha256);
}

using DistTrain.Coordinator.Files;
using DistTrain.Numerics;

namespace DistTrain.Coordinator.Tests.Files;

/// <summary>What a crash leaves of what had not been flushed.</summary>
public enum Leftover
{
    /// <summary>Nothing: contents and names are as they were last flushed.</summary>
    Nothing,

    /// <summary>Everything.</summary>
    Everything,

    /// <summary>Names all, contents up to a multiple of 512 bytes.</summary>
    TornSectors,

    /// <summary>Names all, contents up to a multiple of 4 KiB.</summary>
    TornPages,

    /// <summary>Of names and of pieces of 512 bytes some, whichever they are; the others are old or zero.</summary>
    Some,
}

/// <summary>
/// A disk in memory that knows what is flushed and what is not. It can die at a given operation, after which what is left can be looked
/// at as by the next process; or fail at one with an error and go on.
/// </summary>
public sealed class CrashDisk : IDisk
{
    const int SectorBytes = 512;
    const int PageBytes = 4096;

    readonly Dictionary<string, FileContent> _names = [];
    readonly Dictionary<string, FileContent> _durableNames = [];

    /// <summary>What happened to names since their folder was flushed, in order.</summary>
    readonly List<(string Folder, Action<Dictionary<string, FileContent>> Apply)> _pending = [];

    /// <summary>The machine is lost: the operation at which it was threw this, and all later ones do.</summary>
    public sealed class CrashException : Exception;

    /// <summary>Operations so far, each write and each flush one.</summary>
    public int OperationCount { get; private set; }

    /// <summary>Number, from 0, of the operation at which the machine is lost.</summary>
    public int? CrashAt { get; init; }

    /// <summary>Number of the operation that fails with an error.</summary>
    public int? FailAt { get; init; }

    /// <summary>Flushes of files whose flush had failed before: there must be none.</summary>
    public int FlushesAfterFailure { get; private set; }

    public IEnumerable<string> Paths => _names.Keys;

    /// <summary>The disk as the next process finds it.</summary>
    public CrashDisk Recover(Leftover leftover, ulong seed)
    {
        var random = new CounterRandom(seed, stream: 3);
        var names = new Dictionary<string, FileContent>(_durableNames);
        foreach (var (_, apply) in _pending)
        {
            if (leftover != Leftover.Nothing && (leftover != Leftover.Some || random.NextInt32(2) == 0)) apply(names);
        }
        var next = new CrashDisk();
        foreach (var (path, file) in names)
        {
            var content = new FileContent { Bytes = Survivor(file, leftover, ref random) };
            content.Durable = content.Bytes;
            next._names[path] = next._durableNames[path] = content;
        }
        return next;
    }

    public void CreateFolder(string path) => Operate();

    public IReadOnlyList<string> FilesIn(string folder)
    {
        Operate();
        return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path))];
    }

    public Stream Read(string path)
    {
        Operate();
        return new MemoryStream(Find(path).Bytes, writable: false);
    }

    public Stream Create(string path)
    {
        Operate();
        if (_names.ContainsKey(path)) throw new IOException($"{path} is there.");
        var content = new FileContent();
        Change(path, names => names[path] = content);
        return new CrashStream(this, content);
    }

    public void Flush(Stream file)
    {
        var content = ((CrashStream)file).Content;
        if (content.FlushFailed) FlushesAfterFailure++;
        content.FlushFailed = true;
        Operate();
        content.FlushFailed = false;
        content.Durable = content.Bytes;
    }

    public void FlushFolder(string path)
    {
        Operate();
        foreach (var (_, apply) in _pending.Where(change => change.Folder == path)) apply(_durableNames);
        _pending.RemoveAll(change => change.Folder == path);
    }

    public void Rename(string path, string newPath)
    {
        Operate();
        var content = Find(path);
        Change(path, names =>
        {
            names.Remove(path);
            names[newPath] = content;
        });
    }

    public bool TryRename(string path, string newPath)
    {
        if (_names.ContainsKey(newPath)) return false;
        Rename(path, newPath);
        return true;
    }

    public void Delete(string path)
    {
        Operate();
        Change(path, names => names.Remove(path));
    }

    FileContent Find(string path) => _names.GetValueOrDefault(path) ?? throw new FileNotFoundException($"{path} is not there.");

    void Change(string path, Action<Dictionary<string, FileContent>> change)
    {
        change(_names);
        _pending.Add((Path.GetDirectoryName(path)!, change));
    }

    void Operate()
    {
        var number = OperationCount++;
        if (number >= CrashAt) throw new CrashException();
        if (number == FailAt) throw new IOException("No space left on device");
    }

    static byte[] Survivor(FileContent file, Leftover leftover, ref CounterRandom random)
    {
        if (leftover == Leftover.Everything) return file.Bytes;
        if (leftover == Leftover.Nothing) return file.Durable;
        if (leftover is Leftover.TornSectors or Leftover.TornPages)
        {
            var unit = leftover == Leftover.TornSectors ? SectorBytes : PageBytes;
            return file.Bytes[..Math.Max(file.Durable.Length, file.Bytes.Length / unit * unit)];
        }
        var left = new byte[file.Bytes.Length];
        file.Durable.CopyTo(left, 0);
        for (var start = file.Durable.Length; start < left.Length; start += SectorBytes)
        {
            var end = Math.Min(start + SectorBytes, left.Length);
            if (random.NextInt32(2) == 0) file.Bytes.AsSpan(start..end).CopyTo(left.AsSpan(start));
        }
        return left;
    }

    sealed class FileContent
    {
        public byte[] Bytes { get; set; } = [];

        public byte[] Durable { get; set; } = [];

        public bool FlushFailed { get; set; }
    }

    sealed class CrashStream(CrashDisk disk, FileContent content) : MemoryStream
    {
        public FileContent Content => content;

        /// <summary>A write that is cut off by the end has written a part.</summary>
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            content.Bytes = [.. content.Bytes, .. buffer[..(buffer.Length / 2)]];
            disk.Operate();
            content.Bytes = [.. content.Bytes, .. buffer[(buffer.Length / 2)..]];
        }
    }
}

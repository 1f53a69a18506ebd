using System.Collections.Immutable;
using DistTrain.Coordinator.Files;
using DistTrain.Formats.Checkpoints;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Checkpoints;

/// <summary>The checkpoints of a run on a disk: the last few that are whole, each durable before an older one goes.</summary>
/// <param name="folder">Holds nothing but checkpoints.</param>
/// <param name="shown">Its name in messages.</param>
public sealed class CheckpointFolder(IDisk disk, string folder, string shown)
{
    /// <summary>Ascending: those that this process wrote or trusts. What it refused is left alone.</summary>
    ImmutableSortedSet<CheckpointName> _whole = [];

    /// <summary>Those and what may be there of attempts that failed, to be removed when it is old.</summary>
    ImmutableSortedSet<CheckpointName> _known = [];

    /// <summary>Checkpoints kept, at least 1; default 3.</summary>
    public int KeptCount { get; init; } = 3;

    /// <summary>Writes a checkpoint and removes what is older than the last few.</summary>
    /// <param name="parts">Its bytes.</param>
    /// <param name="terms">A higher term than the name's keeps it from its place.</param>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="DistTrainException">DT5002: another process goes on with the run.</exception>
    /// <exception cref="IOException">It could not be written; those before are as they were.</exception>
    public long Save(CheckpointName name, ImmutableArray<ReadOnlyMemory<byte>> parts, RunTerms terms)
    {
        disk.CreateFolder(folder);
        disk.FlushFolder(Path.GetDirectoryName(folder)!);
        _known = _known.Add(name);
        DurableFile.Write(
            disk, PathOf(name),
            file =>
            {
                foreach (var part in parts) file.Write(part.Span);
            },
            () => terms.RequireHighest(name.Term));
        _whole = _whole.Add(name);
        RemoveOld();
        return parts.Sum(part => (long)part.Length);
    }

    /// <summary>
    /// What <paramref name="restore"/> makes of the newest checkpoint that it takes; the default where there is none. A checkpoint that it
    /// refuses, or that cannot be read, is told to <paramref name="refused"/>, and the one before is tried.
    /// </summary>
    public T? Load<T>(Func<Stream, string, T> restore, Action<Problem> refused) where T : class
    {
        RemoveTemporaries();
        var names = disk.FilesIn(folder).Select(CheckpointName.Parse).OfType<CheckpointName>().ToImmutableSortedSet();
        foreach (var name in names.Reverse())
        {
            if (TryRead(name, restore, refused) is not { } content) continue;
            _known = _whole = [.. names.Where(older => older <= name)];
            return content;
        }
        return null;
    }

    T? TryRead<T>(CheckpointName name, Func<Stream, string, T> restore, Action<Problem> refused) where T : class
    {
        var shownName = $"{shown}/{name}";
        try
        {
            using var file = disk.Read(PathOf(name));
            return restore(file, shownName);
        }
        catch (DistTrainException e)
        {
            refused(e.Problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refused(new Problem("DT7103", ExitCode.Unreadable, $"{shownName}: cannot be read ({e.Message})") { File = shownName });
        }
        return null;
    }

    /// <summary>An old one that cannot be removed does no harm: it is tried again after the next.</summary>
    void RemoveOld()
    {
        if (_whole.Count < KeptCount) return;
        var oldest = _whole[^KeptCount];
        foreach (var name in _known.Where(name => name < oldest))
        {
            try
            {
                disk.Delete(PathOf(name));
                (_known, _whole) = (_known.Remove(name), _whole.Remove(name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    /// <summary>What writers that died have left; one that lives still finds its file gone, and writes the next.</summary>
    void RemoveTemporaries()
    {
        foreach (var name in disk.FilesIn(folder).Where(DurableFile.IsTemporary))
        {
            try
            {
                disk.Delete(Path.Combine(folder, name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It stays beside, and is never read.
            }
        }
    }

    string PathOf(CheckpointName name) => Path.Combine(folder, name.ToString());
}

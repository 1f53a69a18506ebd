using System.Collections.Immutable;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>SHA-256 of each file, taken beside what else is done with them: one file's bytes can only be hashed one after the other.</summary>
sealed class FileHashes
{
    readonly ImmutableArray<DirectFile> _files;
    readonly string[] _hashes;
    readonly Func<string[]> _all;
    int _taken;

    /// <summary>Begins with the first. Where the files are closed before the last is done, it ends.</summary>
    public FileHashes(ImmutableArray<DirectFile> files, IParallelFor parallel)
    {
        (_files, _hashes) = (files, new string[files.Length]);
        _all = parallel.Begin(TakeAll);
    }

    /// <summary>Hashes the next file that nobody has begun with, if there is one.</summary>
    public bool TryTake()
    {
        var next = Interlocked.Increment(ref _taken) - 1;
        if (next >= _files.Length) return false;
        _hashes[next] = FileStretch.HashOf(_files[next].Bytes);
        return true;
    }

    /// <summary>In lower-case hex; to be asked when nobody else takes any.</summary>
    public string[] All() => _all();

    string[] TakeAll()
    {
        while (TryTake())
        {
            // The next.
        }
        return _hashes;
    }
}

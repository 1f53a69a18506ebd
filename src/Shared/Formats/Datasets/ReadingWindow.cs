using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// The part of a dataset's files that memory holds while passes go over them in their order: those ahead are on their way from the disk,
/// those behind are let go where all of them would be more than memory may hold. Nothing that is read depends on it.
/// </summary>
/// <remarks>The files of a part are a ring: after the last shard the next pass begins with the first.</remarks>
/// <param name="bytesMax">What all files may take of memory before those behind are let go.</param>
sealed class ReadingWindow(StoredFiles files, IStoredContent content, long bytesMax)
{
    /// <summary>What is asked of a disk before it is needed: some tenths of a second at the speed of good ones.</summary>
    const long AheadBytesMax = 256L << 20;

    /// <summary>The share of the memory there is that files ahead may take.</summary>
    const int ShareOfMemory = 8;

    readonly Lock _lock = new();
    readonly ImmutableArray<StoredFile> _files = [.. files.Training, .. files.Validation];
    readonly bool _isLarger = files.Training.Concat(files.Validation).Sum(file => file.Bytes) > bytesMax;
    readonly bool[] _isAhead = new bool[files.Training.Length + files.Validation.Length];
    readonly bool[] _wasRead = new bool[files.Training.Length + files.Validation.Length];

    /// <summary>For each thread that reads, the file it entered last: it has done with it when it enters another.</summary>
    readonly Dictionary<int, int> _placeOf = [];
    DatasetPart _part;

    /// <summary>
    /// Called by whoever is about to read a shard's file as a whole, on the thread that reads; waits for it where it was asked for and is on
    /// its way.
    /// </summary>
    public void Enter(DatasetPart part, ShardId shard)
    {
        var place = FirstOf(part) + shard.Index;
        int? behind = null;
        lock (_lock)
        {
            if (_isLarger) behind = LeaveFor(place);
            else if (_wasRead[place]) return;
            if (part != _part) Array.Clear(_isAhead); // What was asked for in vain may be gone when it is wanted.
            _part = part;
            _wasRead[place] = true;
            ReadAheadFrom(place);
            _isAhead[place] = false;
        }
        if (behind is { } left) content.LetGo(_files[left]);
        content.Await(_files[place]);
    }

    int FirstOf(DatasetPart part) => part == DatasetPart.Training ? 0 : files.Training.Length;

    /// <summary>The file itself is the first of those that are wanted.</summary>
    void ReadAheadFrom(int place)
    {
        var (left, first, count) = (Math.Min(AheadBytesMax, bytesMax / ShareOfMemory), FirstOf(_part), files.Of(_part).Length);
        for (var step = 0; step < count && (step == 0 || left > 0); step++)
        {
            var next = first + (place - first + step) % count;
            if (step > 0) left -= _files[next].Bytes;
            if (_isAhead[next] || !_isLarger && _wasRead[next] && step > 0) continue;
            _isAhead[next] = true;
            content.ReadAhead(_files[next]);
        }
    }

    /// <summary>The file that this thread has done with, where no other reads it and it is not wanted soon.</summary>
    int? LeaveFor(int place)
    {
        var thread = Environment.CurrentManagedThreadId;
        int? left = _placeOf.TryGetValue(thread, out var before) && before != place ? before : null;
        _placeOf[thread] = place;
        return left is { } file && !_isAhead[file] && !_placeOf.ContainsValue(file) ? file : null;
    }
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// The part of a dataset's files that memory holds while passes go over them in their order: those ahead are on their way from the disk,
/// those behind are let go where all of them would be more than memory may hold. Nothing that is read depends on it.
/// </summary>
/// <remarks>The files are a ring: after the last validation shard the next pass begins with the first training shard.</remarks>
/// <param name="bytesMax">What all files may take of memory before those behind are let go.</param>
sealed class ReadingWindow(StoredFiles files, IStoredContent content, long bytesMax)
{
    /// <summary>What is asked of a disk before it is needed: some tenths of a second at the speed of good ones.</summary>
    const long AheadBytesMax = 256L << 20;

    /// <summary>The window's share of the memory there is, ahead and behind each.</summary>
    const int ShareOfMemory = 8;

    readonly Lock _lock = new();
    readonly ImmutableArray<StoredFile> _ring = [.. files.Training, .. files.Validation];
    readonly bool _isLarger = files.Training.Concat(files.Validation).Sum(file => file.Bytes) > bytesMax;
    readonly bool[] _isAhead = new bool[files.Training.Length + files.Validation.Length];
    readonly bool[] _wasRead = new bool[files.Training.Length + files.Validation.Length];
    readonly Queue<int> _behind = [];
    long _behindBytes;

    /// <summary>Called by whoever is about to read a shard's file as a whole.</summary>
    public void Enter(DatasetPart part, ShardId shard)
    {
        var place = part == DatasetPart.Training ? shard.Index : files.Training.Length + shard.Index;
        lock (_lock)
        {
            if (_isLarger) LetGoBefore(place);
            else if (_wasRead[place]) return;
            _wasRead[place] = true;
            ReadAheadFrom(place);
            _isAhead[place] = false;
        }
    }

    /// <summary>The file itself is the first of those that are wanted.</summary>
    void ReadAheadFrom(int place)
    {
        var left = Math.Min(AheadBytesMax, bytesMax / ShareOfMemory);
        for (var step = 0; step < _ring.Length && (step == 0 || left > 0); step++)
        {
            var next = (place + step) % _ring.Length;
            if (step > 0) left -= _ring[next].Bytes;
            if (_isAhead[next] || !_isLarger && _wasRead[next] && step > 0) continue;
            _isAhead[next] = true;
            content.ReadAhead(_ring[next]);
        }
    }

    /// <summary>Keeps the last files that were entered: some of them are being read by other threads.</summary>
    void LetGoBefore(int place)
    {
        _behind.Enqueue(place);
        _behindBytes += _ring[place].Bytes;
        while (_behindBytes > bytesMax / ShareOfMemory && _behind.Count > 1)
        {
            var oldest = _behind.Dequeue();
            _behindBytes -= _ring[oldest].Bytes;
            if (!_isAhead[oldest]) content.LetGo(_ring[oldest]);
        }
    }
}

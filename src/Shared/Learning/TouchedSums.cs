using System.Buffers;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>Exact sums of those sparse features that rows touch. What is not named is 0.</summary>
/// <remarks>
/// Kernels append what each shard gives, features in any order and as often as shards touch them; settled, every feature is there once, in
/// ascending order. Integers are added, so the settled form is the same whatever was appended or added first. Written by one owner until
/// handed over.
/// </remarks>
/// <param name="classCount">K − 1: sums of each feature.</param>
public sealed class TouchedSums(int classCount)
{
    /// <summary>Kernels add whole vectors of up to eight numbers: so much is written, by zeros, past the last sum.</summary>
    const int Padding = 8;

    const int SmallestRoom = 1024;

    int[] _features = [];
    long[] _sums = new long[Padding];
    int _count;
    bool _isSettled = true;

    /// <summary>Sparse numbers, 0 being the first sparse feature; ascending, each once.</summary>
    public ReadOnlySpan<int> Features
    {
        get
        {
            Settle();
            return _features.AsSpan(0, _count);
        }
    }

    /// <summary>[features][K − 1].</summary>
    public ReadOnlySpan<long> Sums
    {
        get
        {
            Settle();
            return _sums.AsSpan(0, _count * classCount);
        }
    }

    /// <summary>Settled sums as they are: their features, and [features][K − 1].</summary>
    internal (ReadOnlyMemory<int> Features, ReadOnlyMemory<long> Sums) Settled()
    {
        Settle();
        return (_features.AsMemory(0, _count), _sums.AsMemory(0, _count * classCount));
    }

    /// <summary>In place of what there is, room for as many settled entries, for the caller to fill before anything else is done.</summary>
    internal (Memory<int> Features, Memory<long> Sums) Reset(int count)
    {
        (_features, _sums, _count, _isSettled) = (new int[count], new long[checked(count * classCount + Padding)], count, true);
        return (_features, _sums.AsMemory(0, count * classCount));
    }

    /// <summary>Room for more entries, for the caller to fill until the next call.</summary>
    /// <param name="features">To be set.</param>
    /// <param name="sums">[count][K − 1], at 0; with room behind for whole vectors.</param>
    public void Append(int count, out Span<int> features, out Span<long> sums)
    {
        Grow(_count + count);
        var (first, firstSum) = (_count, _count * classCount);
        _count += count;
        _isSettled = false;
        Array.Clear(_sums, firstSum, count * classCount + Padding);
        features = _features.AsSpan(first, count);
        sums = _sums.AsSpan(firstSum, count * classCount + Padding);
    }

    public void Add(TouchedSums other)
    {
        Settle();
        other.Settle();
        if (other._count == 0) return;

        var features = new int[_count + other._count];
        var sums = new long[features.Length * classCount + Padding];
        var count = Merge(other, features, sums);
        (_features, _sums, _count) = (features, sums, count);
    }

    /// <summary>Sorts by feature and adds up what belongs to the same one.</summary>
    public void Settle()
    {
        if (_isSettled) return;

        var order = ArrayPool<int>.Shared.Rent(_count);
        FeatureSort.Order(_features.AsSpan(0, _count), order.AsSpan(0, _count));
        var features = new int[_count];
        var sums = new long[_count * classCount + Padding];
        var count = 0;
        foreach (var entry in order.AsSpan(0, _count))
        {
            if (count == 0 || features[count - 1] != _features[entry]) features[count++] = _features[entry];
            var into = sums.AsSpan((count - 1) * classCount, classCount);
            for (var k = 0; k < into.Length; k++) into[k] += _sums[entry * classCount + k];
        }
        ArrayPool<int>.Shared.Return(order);
        (_features, _sums, _count, _isSettled) = (features, sums, count, true);
    }

    int Merge(TouchedSums other, int[] features, long[] sums)
    {
        var (mine, theirs, count) = (0, 0, 0);
        while (mine < _count || theirs < other._count)
        {
            var feature = Math.Min(FeatureAt(mine), other.FeatureAt(theirs));
            if (FeatureAt(mine) == feature) AddEntry(mine++, sums, count);
            if (other.FeatureAt(theirs) == feature) other.AddEntry(theirs++, sums, count);
            features[count++] = feature;
        }
        return count;
    }

    int FeatureAt(int entry) => entry < _count ? _features[entry] : int.MaxValue;

    void AddEntry(int entry, long[] sums, int place)
    {
        for (var k = 0; k < classCount; k++) sums[place * classCount + k] += _sums[entry * classCount + k];
    }

    void Grow(int count)
    {
        if (count <= _features.Length && count * classCount + Padding <= _sums.Length) return;

        var room = Math.Max(Math.Max(SmallestRoom, count), 2 * _features.Length);
        Array.Resize(ref _features, room);
        Array.Resize(ref _sums, checked(room * classCount + Padding));
    }
}

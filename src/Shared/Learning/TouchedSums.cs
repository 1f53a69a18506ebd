using System.Runtime.CompilerServices;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>Exact sums of those sparse features that rows touch. What is not named is 0.</summary>
/// <remarks>
/// Kernels append a run of ascending features for each slice; settled, there is one run, in which every feature is once. Integers are
/// added, so the settled form is the same whatever was appended or added first. Written by one owner until handed over; runs are never
/// written again once they are filled, so whoever adds them up shares them.
/// </remarks>
/// <param name="classCount">K − 1: sums of each feature.</param>
public sealed class TouchedSums(int classCount)
{
    /// <summary>Kernels add whole vectors of up to eight numbers: so much is written, by zeros, past the last sum.</summary>
    const int Padding = 8;

    List<TouchedRun> _runs = [];

    /// <summary>Sparse numbers, 0 being the first sparse feature; ascending, each once.</summary>
    public ReadOnlySpan<int> Features => Settled().Features.Span;

    /// <summary>[features][K − 1].</summary>
    public ReadOnlySpan<long> Sums => Settled().Sums.Span;

    /// <summary>Settled sums as they are: their features, and [features][K − 1].</summary>
    internal (ReadOnlyMemory<int> Features, ReadOnlyMemory<long> Sums) Settled()
    {
        Settle();
        return _runs is [var run] ? (run.Features.AsMemory(0, run.Count), run.Sums.AsMemory(0, run.Count * classCount)) : default;
    }

    /// <summary>The sums as two runs at most: what the last merging would do, a reader may do on its way.</summary>
    internal (TouchedRun First, TouchedRun Second) InTwo()
    {
        SettleTo(2);
        return (_runs.ElementAtOrDefault(0), _runs.ElementAtOrDefault(1));
    }

    /// <summary>In place of what there is, room for as many settled entries, for the caller to fill before anything else is done.</summary>
    internal (Memory<int> Features, Memory<long> Sums) Reset(int count)
    {
        var run = new TouchedRun(new int[count], NewSums(count), count);
        _runs = [run];
        return (run.Features.AsMemory(0, run.Count), run.Sums.AsMemory(0, count * classCount));
    }

    /// <summary>Room for the sums of more features, for the caller to fill until the next call.</summary>
    /// <param name="features">Ascending, each once; kept as they are, and not to be written any more.</param>
    /// <returns>[features][K − 1], at 0; with room behind for whole vectors.</returns>
    public Span<long> Append(int[] features)
    {
        var run = new TouchedRun(features, NewSums(features.Length), features.Length);
        if (run.Count > 0) _runs.Add(run);
        return run.Sums;
    }

    /// <summary>
    /// Gives the memory of the sums to sums that are made later: for the last one that reads them, or any to which they were added.
    /// </summary>
    internal void Recycle()
    {
        foreach (var run in _runs) SpareNumbers.Give(run.Sums);
        _runs = [];
    }

    public void Add(TouchedSums other) => _runs.AddRange(other._runs);

    /// <summary>Adds up what belongs to the same feature.</summary>
    public void Settle() => SettleTo(1);

    void SettleTo(int count)
    {
        while (_runs.Count > count)
        {
            var merged = new List<TouchedRun>((_runs.Count + 1) / 2);
            for (var i = 0; i + 1 < _runs.Count; i += 2) merged.Add(Merge(_runs[i], _runs[i + 1]));
            if (_runs.Count % 2 == 1) merged.Add(_runs[^1]);
            _runs = merged;
        }
    }

    /// <summary>One run of two. Which of them comes next is anybody's guess: so nothing branches on it.</summary>
    [MethodImpl(Compilation.Full)]
    TouchedRun Merge(TouchedRun left, TouchedRun right)
    {
        var (features, sums) = (new int[left.Count + right.Count], NewSums(left.Count + right.Count));
        var (l, r, count) = (0, 0, 0);
        while (l < left.Count && r < right.Count)
        {
            var (ofLeft, ofRight) = (left.Features[l], right.Features[r]);
            var (takesLeft, takesRight) = (ofLeft <= ofRight ? 1 : 0, ofRight <= ofLeft ? 1 : 0);
            features[count] = Math.Min(ofLeft, ofRight);
            for (var k = 0; k < classCount; k++)
            {
                sums[count * classCount + k] =
                    (left.Sums[l * classCount + k] & -(long)takesLeft) + (right.Sums[r * classCount + k] & -(long)takesRight);
            }
            l += takesLeft;
            r += takesRight;
            count++;
        }
        count = Copy(left, l, features, sums, count);
        count = Copy(right, r, features, sums, count);
        return new TouchedRun(features, sums, count);
    }

    /// <summary>Copies the rest of a run; returns how many entries there are then.</summary>
    int Copy(TouchedRun run, int first, int[] features, long[] sums, int count)
    {
        var rest = run.Count - first;
        Array.Copy(run.Features, first, features, count, rest);
        Array.Copy(run.Sums, first * classCount, sums, count * classCount, rest * classCount);
        return count + rest;
    }

    long[] NewSums(int count) => SpareNumbers.Take<long>(SpareNumbers.RoundedUp(checked(count * classCount + Padding)));
}

/// <summary>Sums of ascending features; nothing by default.</summary>
/// <param name="Features">The first ones of an array.</param>
/// <param name="Sums">[features][K − 1], the first ones of an array.</param>
readonly record struct TouchedRun(int[] Features, long[] Sums, int Count)
{
    /// <summary>The first place of a feature that is not below one.</summary>
    public int PlaceOf(int feature)
    {
        var place = Features.AsSpan(0, Count).BinarySearch(feature);
        return place >= 0 ? place : ~place;
    }
}

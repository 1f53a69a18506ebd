using System.Numerics;
using System.Runtime.CompilerServices;
using DistTrain.Numerics;

namespace DistTrain.Data.Preparation;

/// <summary>Rows in the order of their numbers in a stream of random ones.</summary>
/// <remarks>
/// The numbers of a stream differ and are spread evenly: so rows are dealt out by the upper bits of theirs first, and each few are sorted.
/// That takes a tenth of the time of sorting all.
/// </remarks>
static class SeededOrder
{
    /// <summary>On average, about.</summary>
    const int RowsPerBucket = 16;

    /// <summary>Row r by number r of stream (<paramref name="seed"/>, <paramref name="stream"/>), ascending.</summary>
    /// <param name="rows">Not changed; all different.</param>
    [MethodImpl(Compilation.Full)]
    public static int[] Of(ReadOnlySpan<int> rows, ulong seed, ulong stream)
    {
        var bits = BitOperations.Log2((uint)(rows.Length / RowsPerBucket) | 1);
        var (random, keys, ordered) = (new CounterRandom(seed, stream), new ulong[rows.Length], new int[rows.Length]);
        var ends = BucketStarts(rows, random, bits);
        foreach (var row in rows)
        {
            var key = random.At((ulong)row);
            ref var at = ref ends[BucketOf(key, bits)];
            (keys[at], ordered[at]) = (key, row);
            at++;
        }
        var start = 0;
        foreach (var end in ends)
        {
            if (end > start + 1) Array.Sort(keys, ordered, start, end - start);
            start = end;
        }
        return ordered;
    }

    /// <summary>For each bucket, the rows in those before it.</summary>
    [MethodImpl(Compilation.Full)]
    static int[] BucketStarts(ReadOnlySpan<int> rows, CounterRandom random, int bits)
    {
        var starts = new int[1 << bits];
        foreach (var row in rows) starts[BucketOf(random.At((ulong)row), bits)]++;
        var before = 0;
        foreach (ref var start in starts.AsSpan()) (start, before) = (before, before + start);
        return starts;
    }

    static int BucketOf(ulong key, int bits) => (int)(key >> 1 >> (63 - bits));
}

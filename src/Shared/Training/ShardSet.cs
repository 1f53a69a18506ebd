using System.Collections;
using DistTrain.Data.Storage;

namespace DistTrain.Training;

/// <summary>A set of shards of one part of a dataset, as an immutable value.</summary>
public sealed class ShardSet : IEquatable<ShardSet>, IReadOnlyCollection<ShardId>
{
    readonly ulong[] _words;

    ShardSet(ulong[] words)
    {
        _words = words;
        foreach (var word in words) Count += System.Numerics.BitOperations.PopCount(word);
    }

    public static ShardSet Empty { get; } = new([]);

    /// <summary>A bit for each shard, without words of zeros at the end.</summary>
    internal ReadOnlySpan<ulong> Words => _words.AsSpan().TrimEnd(0UL);

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    public static ShardSet Of(params IEnumerable<ShardId> shards)
    {
        var words = new List<ulong>();
        foreach (var shard in shards)
        {
            while (words.Count <= shard.Index / 64) words.Add(0);
            words[shard.Index / 64] |= 1UL << (shard.Index % 64);
        }
        return new ShardSet([.. words]);
    }

    /// <param name="words">A bit for each shard; not copied.</param>
    internal static ShardSet OfWords(ulong[] words) => new(words);

    /// <summary>Shards 0 … <paramref name="count"/> − 1.</summary>
    public static ShardSet UpTo(int count) => Of(Enumerable.Range(0, count).Select(i => new ShardId(i)));

    public bool Contains(ShardId shard) =>
        shard.Index / 64 < _words.Length && (_words[shard.Index / 64] >> (shard.Index % 64) & 1) != 0;

    public bool Overlaps(ShardSet other) => !Intersect(other).IsEmpty;

    public ShardSet Union(ShardSet other) => Combine(other, (a, b) => a | b);

    public ShardSet Intersect(ShardSet other) => Combine(other, (a, b) => a & b);

    public ShardSet Except(ShardSet other) => Combine(other, (a, b) => a & ~b);

    public bool Equals(ShardSet? other) => other is not null && Count == other.Count && Except(other).IsEmpty;

    public override bool Equals(object? obj) => Equals(obj as ShardSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var shard in this) hash.Add(shard.Index);
        return hash.ToHashCode();
    }

    /// <summary>The shards in ascending order.</summary>
    public IEnumerator<ShardId> GetEnumerator()
    {
        for (var word = 0; word < _words.Length; word++)
        {
            for (var bits = _words[word]; bits != 0; bits &= bits - 1)
                yield return new ShardId(word * 64 + System.Numerics.BitOperations.TrailingZeroCount(bits));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => IsEmpty ? "no shards" : $"shards {string.Join(',', this.Select(shard => shard.Index))}";

    /// <summary>The numbers in runs, as 0-3,7; nothing where it is empty.</summary>
    public string ToRuns()
    {
        var runs = new List<(int First, int Last)>();
        foreach (var shard in this)
        {
            if (runs is [.., var (first, last)] && last + 1 == shard.Index) runs[^1] = (first, shard.Index);
            else runs.Add((shard.Index, shard.Index));
        }
        return string.Join(',', runs.Select(run => run.First == run.Last ? $"{run.First}" : $"{run.First}-{run.Last}"));
    }

    ShardSet Combine(ShardSet other, Func<ulong, ulong, ulong> operation)
    {
        var words = new ulong[Math.Max(_words.Length, other._words.Length)];
        for (var i = 0; i < words.Length; i++) words[i] = operation(WordOf(this, i), WordOf(other, i));
        return new ShardSet(words);
    }

    static ulong WordOf(ShardSet set, int index) => index < set._words.Length ? set._words[index] : 0;
}

using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Bench.Kernels;

/// <summary>
/// Ratings one-hot: a user of 100,000, all alike, an item of 20,000, low ones far more frequent, and the item's genres, up to 4 of 30.
/// </summary>
/// <param name="count">Rows.</param>
sealed class RatingsRows(int count)
{
    public const int FullCount = 4_200_000;
    public const int ClassCount = 3;
    const int UserCount = 100_000;
    const int ItemCount = 20_000;
    const int GenreCount = 30;
    const int GenresMax = 4;
    const int BitsPerCode = 8;
    const ulong Seed = 3;

    static readonly uint[] ItemGenres = GenresOfItems();

    public static FeatureLayout Layout { get; } = new(
        0,
        [.. Enumerable.Range(0, (GenreCount + BitsPerCode - 1) / BitsPerCode).Select(code =>
            new CodedColumnLayout(CodeKind.Bits, BitsPerCode * code, Math.Min(BitsPerCode, GenreCount - BitsPerCode * code)))],
        UserCount + ItemCount,
        [.. Enumerable.Range(0, GenreCount + UserCount + ItemCount)],
        [.. new float[GenreCount + UserCount + ItemCount]]);

    readonly int _shardCount = ShardPlan.DefaultCount(count, Layout, ClassCount);

    public int Count => count;

    public ImmutableArray<Shard> ToShards() => [.. ToRows().Select((rows, index) => rows.ToShard(new ShardId(index)))];

    /// <summary>The rows as a dataset that makes batches of them.</summary>
    public Dataset ToDataset()
    {
        var rows = ToRows();
        var layout = Layout;
        var manifest = SyntheticShards.Manifest(layout, [.. rows.Select(shard => shard.RowCount)], ClassCount, absoluteSum: count);
        return new Dataset(manifest, new FeatureSchema([]), new ClassList(["0", "1", "2"], [0, 1, 2]), [.. rows.Select((shard, i) => shard.ToShard(new ShardId(i)))], []);
    }

    ImmutableArray<ShardRows> ToRows()
    {
        var shards = new ShardRows[_shardCount];
        TwoThreads.Run(thread =>
        {
            for (var i = thread; i < shards.Length; i += TwoThreads.Count) shards[i] = RowsOf(i);
        });
        return [.. shards];
    }

    ShardRows RowsOf(int shard)
    {
        var rowCount = Pieces.StartOf(shard + 1, _shardCount, count) - Pieces.StartOf(shard, _shardCount, count);
        var random = new CounterRandom(Seed, (ulong)shard);
        var rows = new ShardRows(rowCount, Layout, weighted: false);
        var (starts, features) = (new int[rowCount + 1], new int[2 * rowCount]);
        for (var row = 0; row < rowCount; row++)
        {
            var item = (int)PinnedMath.Exp(random.NextDouble() * PinnedMath.Log(ItemCount));
            (features[2 * row], features[2 * row + 1]) = (random.NextInt32(UserCount), UserCount + Math.Min(item, ItemCount) - 1);
            starts[row + 1] = 2 * (row + 1);
            rows.Labels[row] = random.NextInt32(ClassCount);
            var genres = ItemGenres[Math.Min(item, ItemCount) - 1];
            for (var code = 0; code < rows.Codes.Length; code++) rows.Codes[code][row] = (byte)(genres >> BitsPerCode * code);
        }
        rows.Sparse = new SparseRows(starts, features, null);
        return rows;
    }

    static uint[] GenresOfItems()
    {
        var random = new CounterRandom(Seed, ulong.MaxValue);
        var genres = new uint[ItemCount];
        foreach (ref var own in genres.AsSpan())
        {
            for (var i = 0; i < GenresMax; i++) own |= 1u << random.NextInt32(GenreCount);
        }
        return genres;
    }
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>Which rows of which shards an evaluation asks for: whole shards, or the slices of a batch.</summary>
/// <remarks>
/// The rows of the training part, shard after shard, are cut once into P·T slices of equal size, T being the steps of an epoch and P the
/// slices of a step. They make P groups of T slices, one after the other. Step t of epoch e takes one slice of each group: number
/// Permutation.Of(T, seed, stream of (e, group))[t]. So every row comes once an epoch, each epoch combines slices anew, and a slice can be
/// laid out once for the whole run. Slices of different groups mostly lie in different shards, so that several workers share a step.
/// </remarks>
/// <param name="trainingRows">Rows of each training shard.</param>
/// <param name="hasSparse">Whether any features are held sparse.</param>
public sealed class BatchSchedule(ImmutableArray<int> trainingRows, bool hasSparse)
{
    /// <summary>Rows of a slice of a large batch: with sparse columns every slice pays for the features that it touches.</summary>
    const int SparseSliceRows = Shard.BlockRows;

    const int DenseSliceRows = Shard.BlockRows / 4;

    /// <summary>From so many rows on a batch has at least two slices.</summary>
    const int SharedBatchRows = 512;

    readonly int[] _starts = StartsOf(trainingRows);

    // Orders are pure functions: to remember those of the epoch at hand saves time only.
    volatile EpochOrders? _latest;

    public BatchSchedule(DatasetManifest manifest) : this(manifest.TrainingRows, manifest.Layout.SparseCount > 0)
    {
    }

    int RowCount => _starts[^1];

    /// <summary>What <paramref name="request"/> asks of <paramref name="shard"/>: the shard, or its slices in the batch, in order.</summary>
    public IEnumerable<Shard> Open(IShardSource source, EvaluationRequest request, ShardId shard)
    {
        if (request.Batch is not { } position) return [source.Open(request.Part, shard)];

        return SlicesOf(position).Where(slice => slice.Shard == shard).Select(source.OpenSlice);
    }

    /// <summary>The rows of a batch; a slice that reaches over the end of a shard is parted there. Shards may come more than once.</summary>
    public ImmutableArray<ShardSlice> SlicesOf(BatchPosition position)
    {
        var orders = OrdersOf(position);
        var slices = ImmutableArray.CreateBuilder<ShardSlice>(2 * orders.Length);
        for (var group = 0; group < orders.Length; group++)
        {
            var slice = (long)group * position.StepsPerEpoch + orders[group][position.Step];
            var sliceCount = (long)orders.Length * position.StepsPerEpoch;
            PartByShard(Pieces.StartOf(slice, sliceCount, RowCount), Pieces.StartOf(slice + 1, sliceCount, RowCount), slices);
        }
        return slices.DrainToImmutable();
    }

    /// <summary>P: a pure function of the rows of a step and of how features are held.</summary>
    int SlicesPerStep(int stepsPerEpoch)
    {
        var rows = RowCount / stepsPerEpoch;
        if (stepsPerEpoch == 1) return 1; // All rows: every shard is asked for as it is.
        var sliceRows = hasSparse ? SparseSliceRows : DenseSliceRows;
        return Math.Max((rows + sliceRows - 1) / sliceRows, rows >= SharedBatchRows ? 2 : 1);
    }

    int[][] OrdersOf(BatchPosition position)
    {
        var epoch = position with { Step = 0 };
        if (_latest is { } latest && latest.Epoch == epoch) return latest.ByGroup;

        int[][] orders =
        [
            .. Enumerable.Range(0, SlicesPerStep(position.StepsPerEpoch)).Select(group =>
                Permutation.Of(position.StepsPerEpoch, position.Seed, ((ulong)position.Epoch << 32) | (uint)group)),
        ];
        _latest = new EpochOrders(epoch, orders);
        return orders;
    }

    void PartByShard(int first, int end, ImmutableArray<ShardSlice>.Builder slices)
    {
        for (var shard = ShardOf(first); first < end; shard++)
        {
            var shardEnd = Math.Min(end, _starts[shard + 1]);
            if (shardEnd > first) slices.Add(new ShardSlice(new ShardId(shard), first - _starts[shard], shardEnd - _starts[shard]));
            first = shardEnd;
        }
    }

    /// <summary>The shard that a row of the training part lies in.</summary>
    int ShardOf(int row)
    {
        var found = Array.BinarySearch(_starts, row);
        return found >= 0 ? found : ~found - 1;
    }

    static int[] StartsOf(ImmutableArray<int> rows)
    {
        var starts = new int[rows.Length + 1];
        for (var shard = 0; shard < rows.Length; shard++) starts[shard + 1] = checked(starts[shard] + rows[shard]);
        return starts;
    }

    /// <param name="Epoch">Any position of it, at step 0.</param>
    sealed record EpochOrders(BatchPosition Epoch, int[][] ByGroup);
}

using System.Collections.Immutable;
using CsCheck;
using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Learning;

public sealed class BatchScheduleTests
{
    const string PrintedSeed = "0000KeOPrtO4";

    /// <summary>For any shards, empty ones too, any batch size and both kinds of data.</summary>
    [Fact]
    public void Every_row_comes_once_an_epoch() =>
        Gen.Select(Gen.Int[0, 3000].Array[1, 12], Gen.Int[1, 2000], Gen.Bool, Gen.Int[0, 3]).Sample(
            (rows, batchSize, hasSparse, epoch) =>
            {
                var schedule = new BatchSchedule([.. rows], hasSparse);
                var counts = rows.Select(count => new int[count]).ToArray();
                foreach (var slice in Epoch(schedule, StepsOf(rows, batchSize), epoch).SelectMany(step => step))
                {
                    for (var row = slice.First; row < slice.End; row++) counts[slice.Shard.Index][row]++;
                }
                return counts.All(shard => shard.All(count => count == 1));
            },
            iter: 100, seed: PrintedSeed, threads: 1);

    [Theory]
    [InlineData(4_200_000, 65, 8192, true, 2)] // Ratings: two slices of 4,096 rows
    [InlineData(4_200_000, 65, 8192, false, 8)]
    [InlineData(1_000_000, 16, 1024, true, 2)]
    [InlineData(1_000_000, 16, 100, true, 1)]
    [InlineData(1_000_000, 16, 40_000, true, 10)]
    public void Steps_have_equally_many_rows_in_few_slices(int rowCount, int shardCount, int batchSize, bool hasSparse, int slicesPerStep)
    {
        int[] rows = [.. Enumerable.Range(0, shardCount).Select(s => Pieces.StartOf(s + 1, shardCount, rowCount) - Pieces.StartOf(s, shardCount, rowCount))];
        var steps = Epoch(new BatchSchedule([.. rows], hasSparse), StepsOf(rows, batchSize), epoch: 1).ToArray();

        var counts = steps.Select(step => step.Sum(slice => slice.RowCount)).ToArray();
        Assert.InRange(counts.Max() - counts.Min(), 0, slicesPerStep);
        Assert.InRange(counts.Max(), 1, batchSize);
        Assert.Equal(slicesPerStep, steps.Min(step => step.Length));
        Assert.True(steps.Count(step => step.Length > slicesPerStep) <= shardCount); // Where a slice reaches over the end of a shard.
    }

    [Fact]
    public void Slices_are_the_same_in_every_epoch_and_combined_anew()
    {
        int[] rows = [700, 900, 800];
        var schedule = new BatchSchedule([.. rows], hasSparse: true);
        var (first, second) = (Epoch(schedule, 4, epoch: 0).ToArray(), Epoch(schedule, 4, epoch: 1).ToArray());

        Assert.Equal(Sorted(first), Sorted(second));
        Assert.NotEqual(first.Select(TextOf).Order(), second.Select(TextOf).Order());

        static IEnumerable<string> Sorted(ImmutableArray<ShardSlice>[] steps) => steps.SelectMany(step => step).Select(slice => $"{slice}").Order();
        static string TextOf(ImmutableArray<ShardSlice> step) => string.Join(' ', step);
    }

    [Fact]
    public void Seeds_have_orders_of_their_own_and_remembering_them_changes_nothing()
    {
        var schedule = new BatchSchedule([5000, 5000], hasSparse: true);
        foreach (var (epoch, step, seed) in new[] { (0, 0, 1UL), (0, 1, 1UL), (1, 0, 1UL), (0, 0, 2UL), (0, 9, 1UL) })
        {
            var position = new BatchPosition(epoch, step, 10, seed);
            Assert.Equal(new BatchSchedule([5000, 5000], hasSparse: true).SlicesOf(position).AsEnumerable(), schedule.SlicesOf(position));
        }
        Assert.NotEqual(
            Enumerable.Range(0, 10).SelectMany(step => schedule.SlicesOf(new BatchPosition(0, step, 10, 1))),
            Enumerable.Range(0, 10).SelectMany(step => schedule.SlicesOf(new BatchPosition(0, step, 10, 2))));
    }

    [Fact]
    public void A_batch_of_all_rows_is_every_shard_as_it_is() => Assert.Equal(
        [new ShardSlice(new ShardId(0), 0, 600), new ShardSlice(new ShardId(2), 0, 900)],
        new BatchSchedule([600, 0, 900], hasSparse: true).SlicesOf(new BatchPosition(3, 0, 1, 1)).AsEnumerable());

    [Fact]
    public void A_shard_is_asked_for_its_own_slices_and_without_a_batch_as_a_whole()
    {
        var schedule = new BatchSchedule([600, 600], hasSparse: true);
        var source = new Asked();
        var batch = new EvaluationRequest(EvaluationKind.Batch, Batch: new BatchPosition(0, 0, 2, 1));

        foreach (var shard in (int[])[0, 1]) Assert.Single(schedule.Open(source, batch, new ShardId(shard)));
        Assert.Equal(schedule.SlicesOf(batch.Batch!).AsEnumerable(), source.Slices);

        Assert.Single(schedule.Open(source, new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation), new ShardId(4)));
        Assert.Equal((DatasetPart.Validation, new ShardId(4)), Assert.Single(source.Wholes));
    }

    static int StepsOf(int[] rows, int batchSize) => Math.Max(1, (rows.Sum() + batchSize - 1) / batchSize);

    static IEnumerable<ImmutableArray<ShardSlice>> Epoch(BatchSchedule schedule, int steps, int epoch) =>
        Enumerable.Range(0, steps).Select(step => schedule.SlicesOf(new BatchPosition(epoch, step, steps, Seed: 9)));

    /// <summary>A source that writes down what it is asked for.</summary>
    sealed class Asked : IShardSource
    {
        public List<ShardSlice> Slices { get; } = [];

        public List<(DatasetPart, ShardId)> Wholes { get; } = [];

        public Shard Open(DatasetPart part, ShardId shard)
        {
            Wholes.Add((part, shard));
            return Nothing;
        }

        public Shard OpenSlice(ShardSlice slice)
        {
            Slices.Add(slice);
            return Nothing;
        }

        static Shard Nothing => new()
        {
            Id = new ShardId(0),
            RowCount = 0,
            Dense = new DenseRows(0, 0),
            Codes = [],
            Sparse = SparseColumns.Empty,
            Labels = [],
            Weights = null,
            SourceRows = [],
        };
    }
}

using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Learning;

public sealed class BatchScheduleTests
{
    const int Steps = 20;

    [Fact]
    public void Every_small_batch_comes_once_an_epoch()
    {
        var source = new Asked();
        for (var step = 0; step < Steps; step++) Ask(source, epoch: 3, step, shard: 5);
        Assert.Equal(Enumerable.Range(0, Steps), source.Batches.Order());
        Assert.NotEqual(Enumerable.Range(0, Steps), source.Batches);
    }

    [Fact]
    public void Epochs_and_shards_have_orders_of_their_own()
    {
        var orders = new[] { (0, 0), (1, 0), (0, 1) }.Select(pair => string.Join(' ', OrderOf(pair.Item1, pair.Item2)));
        Assert.Equal(3, orders.Distinct().Count());
    }

    [Fact]
    public void Remembered_orders_are_the_same_as_new_ones()
    {
        var (remembering, plain, orders) = (new Asked(), new Asked(), new BatchOrders());
        foreach (var (epoch, step, shard) in new[] { (0, 0, 0), (0, 1, 0), (0, 1, 7), (1, 0, 0), (0, 2, 0), (1, 19, 7) })
        {
            Ask(remembering, epoch, step, shard, orders);
            Ask(plain, epoch, step, shard);
        }
        Assert.Equal(plain.Batches, remembering.Batches);
    }

    [Fact]
    public void Without_a_batch_the_whole_shard_of_the_part_is_opened()
    {
        var source = new Asked();
        BatchSchedule.Open(source, new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation), new ShardId(4));
        Assert.Equal((DatasetPart.Validation, new ShardId(4)), Assert.Single(source.Wholes));
        Assert.Empty(source.Batches);
    }

    static List<int> OrderOf(int epoch, int shard)
    {
        var source = new Asked();
        for (var step = 0; step < Steps; step++) Ask(source, epoch, step, shard);
        return source.Batches;
    }

    static void Ask(Asked source, int epoch, int step, int shard, BatchOrders? orders = null) => BatchSchedule.Open(
        source, new EvaluationRequest(EvaluationKind.Batch, Batch: new BatchPosition(epoch, step, Steps, Seed: 9)), new ShardId(shard), orders);

    /// <summary>A source that writes down what it is asked for.</summary>
    sealed class Asked : IShardSource
    {
        public List<int> Batches { get; } = [];

        public List<(DatasetPart, ShardId)> Wholes { get; } = [];

        public Shard Open(DatasetPart part, ShardId shard)
        {
            Wholes.Add((part, shard));
            return Nothing;
        }

        public Shard OpenBatch(ShardId shard, int batch, int batchCount)
        {
            Assert.Equal(Steps, batchCount);
            Batches.Add(batch);
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

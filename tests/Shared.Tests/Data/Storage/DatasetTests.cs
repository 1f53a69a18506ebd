using CsCheck;
using DistTrain.Data;
using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Data.Storage;

public class DatasetTests
{
    static readonly DatasetOptions Options = new() { MissingAsMean = true, Shards = 2 };

    [Fact]
    public void Batches_of_a_shard_are_its_rows_in_order()
    {
        var dataset = Build();
        Gen.Select(Gen.Int[0, 1], Gen.Int[1, 700]).Sample(
            (shard, batchCount) => Batches(dataset, shard, batchCount).SelectMany(batch => batch.SourceRows)
                .SequenceEqual(Whole(dataset, shard).SourceRows),
            iter: 10, seed: "0000KeOPrtO4", threads: 1);
    }

    [Theory, InlineData(1), InlineData(4), InlineData(600)]
    public void A_batch_holds_what_its_rows_hold_in_the_shard(int batchCount)
    {
        var dataset = Build();
        var (whole, layout) = (Whole(dataset, 1), dataset.Manifest.Layout);
        var wholeRows = PlainEncoding.Decode(whole, layout);
        var first = 0;
        foreach (var batch in Batches(dataset, 1, batchCount))
        {
            Assert.Equal(wholeRows[first..(first + batch.RowCount)], PlainEncoding.Decode(batch, layout));
            for (var row = 0; row < batch.RowCount; row++)
            {
                Assert.Equal(whole.Labels[first + row], batch.Labels[row]);
                Assert.Equal(whole.WeightOf(first + row), batch.WeightOf(row));
            }
            first += batch.RowCount;
        }
        Assert.Equal(whole.RowCount, first);
    }

    [Fact]
    public void A_batch_starts_where_the_formula_says()
    {
        var dataset = Build();
        var rowCount = Whole(dataset, 0).RowCount;

        Assert.Equal(
            Enumerable.Range(0, 7).Select(t => (t + 1) * rowCount / 7 - t * rowCount / 7),
            Batches(dataset, 0, 7).Select(batch => batch.RowCount));
    }

    [Fact]
    public void All_threads_get_the_same_forms_built_once()
    {
        var dataset = Build();
        using var start = new Barrier(8);
        var opened = new (Shard Whole, Shard Batch)[8];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            opened[i] = (Whole(dataset, 0), dataset.OpenBatch(new ShardId(0), 2, 5));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(opened, forms => Assert.Same(opened[0].Whole, forms.Whole));
        Assert.All(opened, forms => Assert.Same(opened[0].Batch, forms.Batch));
    }

    [Fact]
    public void Tiny_batches_are_not_kept_and_are_the_same_each_time()
    {
        var dataset = Build();
        Shard Batch() => dataset.OpenBatch(new ShardId(0), 17, 300);

        Assert.NotSame(Batch(), Batch());
        Assert.Equal(PlainEncoding.Decode(Batch(), dataset.Manifest.Layout), PlainEncoding.Decode(Batch(), dataset.Manifest.Layout));
    }

    [Fact]
    public void The_order_of_calls_does_not_matter()
    {
        var (wholeFirst, batchFirst) = (Build(), Build());
        var whole = Whole(wholeFirst, 0);
        var batch = batchFirst.OpenBatch(new ShardId(0), 1, 3);

        Assert.Equal(whole.Sparse.Rows, Whole(batchFirst, 0).Sparse.Rows);
        Assert.Equal(batch.Sparse.Rows, wholeFirst.OpenBatch(new ShardId(0), 1, 3).Sparse.Rows);
        Assert.Equal(whole.Dense.Values.ToArray(), Whole(batchFirst, 0).Dense.Values.ToArray());
    }

    [Fact]
    public void One_batch_is_the_shard()
    {
        var dataset = Build();

        Assert.Same(Whole(dataset, 1), dataset.OpenBatch(new ShardId(1), 0, 1));
    }

    static Dataset Build() => DatasetBuilder.Build(SmallTables.Mixed(1200, 2), null, Options);

    static Shard Whole(Dataset dataset, int shard) => dataset.Open(DatasetPart.Training, new ShardId(shard));

    static IEnumerable<Shard> Batches(Dataset dataset, int shard, int batchCount) =>
        Enumerable.Range(0, batchCount).Select(batch => dataset.OpenBatch(new ShardId(shard), batch, batchCount));
}

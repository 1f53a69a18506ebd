using CsCheck;
using DistTrain.Data;
using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Data.Storage;

public class DatasetTests
{
    static readonly DatasetOptions Options = new() { MissingAsMean = true, Shards = 2 };

    [Fact]
    public void A_slice_has_its_rows_in_order()
    {
        var dataset = Build();
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 250], Gen.Int[251, 500]).Sample(
            (shard, first, end) => Slice(dataset, shard, first, end).SourceRows.AsSpan().SequenceEqual(Whole(dataset, shard).SourceRows.AsSpan(first..end)),
            iter: 10, seed: "0000KeOPrtO4", threads: 1);
    }

    [Theory, InlineData(0, 530), InlineData(100, 300), InlineData(17, 18)]
    public void A_slice_holds_what_its_rows_hold_in_the_shard(int first, int end)
    {
        var dataset = Build();
        var (whole, slice, layout) = (Whole(dataset, 1), Slice(dataset, 1, first, end), dataset.Manifest.Layout);

        Assert.Equal(end - first, slice.RowCount);
        Assert.Equal(PlainEncoding.Decode(whole, layout)[first..end], PlainEncoding.Decode(slice, layout));
        for (var row = 0; row < slice.RowCount; row++)
        {
            Assert.Equal(whole.Labels[first + row], slice.Labels[row]);
            Assert.Equal(whole.WeightOf(first + row), slice.WeightOf(row));
        }
    }

    [Fact]
    public void All_threads_get_the_same_forms_built_once()
    {
        var dataset = Build();
        using var start = new Barrier(8);
        var opened = new (Shard Whole, Shard Slice)[8];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            opened[i] = (Whole(dataset, 0), Slice(dataset, 0, 20, 200));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(opened, forms => Assert.Same(opened[0].Whole, forms.Whole));
        Assert.All(opened, forms => Assert.Same(opened[0].Slice, forms.Slice));
    }

    [Fact]
    public void Tiny_slices_are_not_kept_and_are_the_same_each_time()
    {
        var dataset = Build();
        Shard Tiny() => Slice(dataset, 0, 17, 19);

        Assert.NotSame(Tiny(), Tiny());
        Assert.Equal(PlainEncoding.Decode(Tiny(), dataset.Manifest.Layout), PlainEncoding.Decode(Tiny(), dataset.Manifest.Layout));
    }

    [Fact]
    public void The_order_of_calls_does_not_matter()
    {
        var (wholeFirst, sliceFirst) = (Build(), Build());
        var whole = Whole(wholeFirst, 0);
        var slice = Slice(sliceFirst, 0, 100, 300);

        Assert.Equal(whole.Sparse.Rows, Whole(sliceFirst, 0).Sparse.Rows);
        Assert.Equal(slice.Sparse.Rows, Slice(wholeFirst, 0, 100, 300).Sparse.Rows);
        Assert.Equal(whole.Dense.Values.ToArray(), Whole(sliceFirst, 0).Dense.Values.ToArray());
    }

    [Fact]
    public void A_slice_of_all_rows_is_the_shard()
    {
        var dataset = Build();

        Assert.Same(Whole(dataset, 1), Slice(dataset, 1, 0, Whole(dataset, 1).RowCount));
    }

    static Dataset Build() => DatasetBuilder.Build(SmallTables.Mixed(1200, 2), null, Options);

    static Shard Whole(Dataset dataset, int shard) => dataset.Open(DatasetPart.Training, new ShardId(shard));

    static Shard Slice(Dataset dataset, int shard, int first, int end) => dataset.OpenSlice(new ShardSlice(new ShardId(shard), first, end));
}

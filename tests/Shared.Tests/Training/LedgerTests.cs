using CsCheck;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class LedgerTests
{
    static readonly WorkerId Worker = new("w");

    [Fact]
    public void It_is_complete_when_disjoint_sets_cover_all_shards_however_many_messages_that_takes()
    {
        var ledger = new Ledger(ShardSet.UpTo(5));
        Assert.False(ledger.IsComplete);
        ledger = ledger.Accept(Of(0, 4), Worker).Accept(Of(2), Worker);
        Assert.False(ledger.IsComplete);
        Assert.Equal(Shards(1, 3), ledger.Missing);
        Assert.True(ledger.Accept(Of(1, 3), Worker).IsComplete);
    }

    [Fact]
    public void Nothing_is_missing_of_no_shards() => Assert.True(new Ledger(ShardSet.Empty).IsComplete);

    [Fact]
    public void Objections_name_the_shards()
    {
        var ledger = new Ledger(ShardSet.UpTo(4)).Accept(Of(1, 2), Worker);
        Assert.Null(ledger.Objection(Shards(0, 3)));
        Assert.Equal("it names no shard", ledger.Objection(ShardSet.Empty));
        Assert.Equal("it names shards 4,9, of which the evaluation has none", ledger.Objection(Shards(0, 4, 9)));
        Assert.Equal("shards 1 already answered", ledger.Objection(Shards(1)));
        Assert.Equal("shards 2 already answered, and sums cannot be taken apart", ledger.Objection(Shards(2, 3)));
    }

    [Fact]
    public void What_there_is_an_objection_to_cannot_be_accepted()
    {
        var ledger = new Ledger(ShardSet.UpTo(4)).Accept(Of(1), Worker);
        var error = Assert.Throws<InvalidOperationException>(() => ledger.Accept(Of(1), Worker));
        Assert.Equal("A contribution of shards 1 cannot be accepted: shards 1 already answered.", error.Message);
    }

    [Fact]
    public void Any_sequence_of_sets_leaves_every_shard_counted_at_most_once() =>
        Gen.Int[0, 11].Array[0, 5].Array[0, 30].Sample(sets =>
        {
            var ledger = new Ledger(ShardSet.UpTo(10));
            foreach (var set in sets.Select(set => Shards(set)))
            {
                if (ledger.Objection(set) is null) ledger = ledger.Accept(new Contribution(set, NoSums), Worker);
            }
            var counted = ledger.Accepted.SelectMany(accepted => accepted.Contribution.Shards).ToArray();
            return counted.Distinct().Count() == counted.Length
                && ledger.Covered.Equals(ShardSet.Of(counted))
                && ledger.IsComplete == (counted.Length == 10);
        });

    static EvaluationSums NoSums => new(new ModelShape(2, 1), EvaluationKind.Metrics);

    static Contribution Of(params int[] shards) => new(Shards(shards), NoSums);

    static ShardSet Shards(params int[] shards) => ShardSet.Of(shards.Select(shard => new ShardId(shard)));
}

using System.Collections.Immutable;
using CsCheck;
using DistTrain.Data.Storage;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class LeasePlanTests
{
    [Fact]
    public void Every_shard_goes_to_exactly_one_worker() =>
        Gen.Select(Gen.Int[0, 5000].Array[0, 100], Gen.Int[1, 8].Array[1, 10]).Sample((rows, threads) =>
        {
            var shares = Divide(rows, Workers(threads), LeasePlan.Empty);
            var all = shares.SelectMany(share => share.Shards).ToArray();
            return all.Length == rows.Length && all.Distinct().Count() == rows.Length && shares.All(share => !share.Shards.IsEmpty);
        });

    [Fact]
    public void Nobody_has_more_than_its_part_by_threads_and_one_shard() =>
        Gen.Select(Gen.Int[0, 5000].Array[1, 100], Gen.Int[1, 8].Array[1, 10], Gen.Int[1, 8].Array[1, 10]).Sample((rows, threads, before) =>
        {
            var plan = new LeasePlan(1, Divide(rows, Workers(before), LeasePlan.Empty));
            var workers = Workers(threads);
            var perThread = rows.Sum(row => row + 1.0) / workers.Sum(worker => worker.Threads);
            return Divide(rows, workers, plan).All(share =>
            {
                var cost = share.Shards.Sum(shard => rows[shard.Index] + 1.0);
                return cost <= perThread * workers.Single(worker => worker.Id == share.Worker).Threads + rows.Max() + 1;
            });
        });

    [Fact]
    public void Equal_shards_are_divided_in_proportion_to_threads()
    {
        var shares = Divide([.. Enumerable.Repeat(10, 12)], Workers([1, 2, 3]), LeasePlan.Empty);
        Assert.Equal([2, 4, 6], shares.Select(share => share.Shards.Count));
    }

    [Fact]
    public void Workers_keep_their_shards_when_one_leaves()
    {
        int[] rows = [.. Enumerable.Repeat(10, 12)];
        var before = Divide(rows, Workers([1, 1, 1]), LeasePlan.Empty);
        var after = Divide(rows, Workers([1, 1, 1])[..2], new LeasePlan(1, before));
        Assert.All(
            after, share => Assert.Equal(4, before.Single(other => other.Worker == share.Worker).Shards.Intersect(share.Shards).Count));
    }

    [Fact]
    public void A_newcomer_gets_its_part_and_the_others_get_nothing_new()
    {
        int[] rows = [.. Enumerable.Repeat(10, 12)];
        var before = Divide(rows, Workers([1, 1, 1])[..2], LeasePlan.Empty);
        var after = Divide(rows, Workers([1, 1, 1]), new LeasePlan(1, before));
        Assert.Equal([4, 4, 4], after.Select(share => share.Shards.Count));
        Assert.All(before, share => Assert.Empty(after.Single(other => other.Worker == share.Worker).Shards.Except(share.Shards)));
    }

    [Fact]
    public void What_workers_hold_already_is_the_first_division()
    {
        RosterWorker[] workers = Workers([1, 1]);
        workers[0] = workers[0] with { Cached = Shards(4, 5, 6, 7, 8, 9, 10, 11) };
        workers[1] = workers[1] with { Cached = Shards(0, 1, 2, 3) };
        var shares = Divide([.. Enumerable.Repeat(10, 12)], workers, LeasePlan.Empty.WithHomesOf(workers));
        Assert.Equal(Shards(4, 5, 6, 7, 8, 9), shares[0].Shards);
        Assert.Equal(Shards(0, 1, 2, 3, 10, 11), shares[1].Shards);
    }

    [Fact]
    public void A_worker_that_comes_back_gets_its_own_shards_again()
    {
        int[] rows = [.. Enumerable.Repeat(10, 12)];
        RosterWorker[] workers = Workers([1, 1, 1]);
        var before = Divide(rows, workers, LeasePlan.Empty);
        var without = new LeasePlan(2, Divide(rows, workers[..2], new LeasePlan(1, before)));
        workers[2] = workers[2] with { Cached = before[2].Shards };
        var after = Divide(rows, workers, without.WithHomesOf(workers));
        Assert.Equal(before.Select(share => share.Shards), after.Select(share => share.Shards));
    }

    [Fact]
    public void Who_owes_something_already_gets_less()
    {
        var owed = Leases.None.Grant(new WorkerId("w0"), Shards(0, 1, 2, 3), uncombined: false, TimeSpan.Zero, TimeSpan.Zero);
        var shares = LeasePlan.Divide(Shards(4, 5, 6, 7, 8, 9), [.. Enumerable.Repeat(10, 12)], Workers([1, 1]), LeasePlan.Empty, owed);
        Assert.Equal([1, 5], shares.Select(share => share.Shards.Count));
    }

    static ShardSet Shards(params int[] shards) => ShardSet.Of(shards.Select(shard => new ShardId(shard)));

    static ImmutableArray<LeaseShare> Divide(int[] rows, RosterWorker[] workers, LeasePlan before) =>
        LeasePlan.Divide(ShardSet.UpTo(rows.Length), [.. rows], workers, before);

    static RosterWorker[] Workers(int[] threads) =>
        [.. threads.Select((count, i) => new RosterWorker(new WorkerId($"w{i}"), 1, count))];
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class LeaseRecallTests
{
    static readonly WorkerId A = new("a");
    static readonly WorkerId B = new("b");
    static readonly WorkerId C = new("c");

    static readonly ImmutableArray<int> Rows = [.. Enumerable.Repeat(9, 12)];

    [Fact]
    public void Everybody_keeps_its_part_and_gives_back_what_it_would_come_to_last()
    {
        var leases = Granted(A, 0, 2, 4, 6, 8, 10).Grant(B, Shards(1, 3, 5, 7, 9, 11), uncombined: false, default, default);
        var recalled = LeaseRecall.Plan(leases, Roster(1, 1, 1), Rows);
        Assert.Equal([new LeaseShare(A, Shards(8, 10)), new LeaseShare(B, Shards(9, 11))], recalled.AsEnumerable());
    }

    [Fact]
    public void A_newcomer_of_more_threads_is_given_more()
    {
        var recalled = LeaseRecall.Plan(Granted(A, 0, 1, 2, 3, 4, 5, 6, 7), Roster(1, 1, 2), Rows);
        Assert.Equal([new LeaseShare(A, Shards(2, 3, 4, 5, 6, 7))], recalled.AsEnumerable());
    }

    [Fact]
    public void The_last_shard_of_a_worker_stays_with_it() => Assert.Empty(LeaseRecall.Plan(Granted(A, 3), Roster(1, 1, 1), Rows));

    [Fact]
    public void What_is_late_or_to_be_answered_one_by_one_is_not_asked_for()
    {
        Assert.Empty(LeaseRecall.Plan(Granted(A, 0, 1, 2, 3).MarkOverdue(A, default), Roster(1, 1, 1), Rows));
        var separate = Leases.None.Grant(A, Shards(0, 1, 2, 3), uncombined: true, default, default);
        Assert.Empty(LeaseRecall.Plan(separate, Roster(1, 1, 1), Rows));
    }

    static Leases Granted(WorkerId worker, params int[] shards) =>
        Leases.None.Grant(worker, Shards(shards), uncombined: false, default, default);

    static WorkerRoster Roster(int a, int b, int c) =>
        WorkerRoster.Empty.Add(new(A, 1, a)).Add(new(B, 1, b)).Add(new(C, 1, c));

    static ShardSet Shards(params int[] shards) => ShardSet.Of(shards.Select(shard => new ShardId(shard)));
}

using DistTrain.Data.Storage;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class LeasesTests
{
    static readonly WorkerId A = new("a");
    static readonly WorkerId B = new("b");
    static readonly WorkerId C = new("c");

    static readonly Leases OfTwo = Leases.None
        .Grant(A, Shards(0, 1, 2), uncombined: false, At(0), At(10))
        .Grant(B, Shards(3), uncombined: false, At(0), At(20));

    [Fact]
    public void Shards_are_outstanding_until_somebody_answers_them()
    {
        Assert.Equal(Shards(0, 1, 2, 3), OfTwo.Outstanding);
        var leases = OfTwo.Answered(A, Shards(0, 2));
        Assert.Equal(Shards(1, 3), leases.Outstanding);
        Assert.Equal(Shards(1), leases.Of(A));
        Assert.False(leases.IsIdle(A));
        Assert.True(leases.Answered(A, Shards(1)).IsIdle(A));
    }

    [Fact]
    public void The_first_deadline_is_the_earliest() =>
        Assert.Equal((At(10), At(20), null), (OfTwo.FirstDeadline, OfTwo.WithoutWorker(A).FirstDeadline, Leases.None.FirstDeadline));

    [Fact]
    public void Shards_stay_marked_as_leased_before_when_their_worker_is_gone() =>
        Assert.Equal(Shards(0, 1, 2, 3), OfTwo.WithoutWorker(A).WithoutWorker(B).EverLeased);

    [Fact]
    public void Shards_of_which_only_late_workers_have_a_lease_count_as_alone()
    {
        var leases = OfTwo.Grant(B, Shards(1, 2), uncombined: true, At(0), At(20)).MarkOverdue(A, At(40));
        Assert.True(leases.IsOverdue(A));
        Assert.Equal(Shards(0), leases.OnlyWith(A));
        Assert.Equal(Shards(0, 1, 2), leases.MarkOverdue(B, At(50)).OnlyWith(A));
    }

    [Fact]
    public void A_worker_whose_shards_another_answers_is_outrun()
    {
        var leases = OfTwo.Grant(B, Shards(2), uncombined: true, At(0), At(20)).Answered(B, Shards(2));
        Assert.Equal(A, Assert.Single(leases.Outrun));
        Assert.Equal(Shards(0, 1), leases.Of(A));
        Assert.Empty(leases.WithoutWorker(A).Outrun);
    }

    [Fact]
    public void What_was_asked_for_one_by_one_survives_a_refusal_of_the_combined_answer()
    {
        var leases = OfTwo.Grant(A, Shards(1), uncombined: true, At(0), At(20));
        Assert.Equal(Shards(1), leases.WithoutCombined(A, Shards(0, 1, 2)).Of(A));
        Assert.Equal(Shards(3), leases.WithoutCombined(A, Shards(0, 1, 2)).Of(B));
        Assert.True(leases.WithoutCombined(C, Shards(0)).IsIdle(C));
    }

    [Fact]
    public void A_new_lease_gives_a_late_worker_a_new_deadline()
    {
        var leases = OfTwo.MarkOverdue(A, At(40)).Grant(A, Shards(0), uncombined: true, At(0), At(70));
        Assert.False(leases.IsOverdue(A));
        Assert.Equal(At(70), leases.Held[A].Deadline);
        Assert.Equal((At(80), null), (leases.SilenceOf(A, At(80)), leases.SilenceOf(C, At(80))));
    }

    [Fact]
    public void An_instalment_gives_what_is_still_owed_a_new_deadline_and_forgets_that_it_was_late()
    {
        var lease = OfTwo.MarkOverdue(A, At(40)).Answered(A, Shards(0)).Renew(A, At(15), At(90)).Held[A];
        Assert.Equal((At(15), At(90), 0, false), (lease.HeardAt, lease.Deadline, lease.Misses, lease.Overdue));
        Assert.True(OfTwo.Answered(A, Shards(0, 1, 2)).Renew(A, At(15), At(90)).IsIdle(A));
    }

    [Fact]
    public void Shards_given_back_are_nobodys_and_count_as_never_leased()
    {
        var leases = OfTwo.Returned(A, Shards(1, 2, 3));
        Assert.Equal((Shards(0), Shards(3)), (leases.Of(A), leases.Of(B)));
        Assert.Equal(Shards(0, 3), leases.EverLeased);
        Assert.Equal(OfTwo, OfTwo.Returned(C, Shards(0)));
    }

    [Fact]
    public void Shards_that_are_to_be_answered_one_by_one_are_not_taken_back()
    {
        var leases = OfTwo.Grant(B, Shards(0), uncombined: true, At(0), At(20));
        Assert.Equal((Shards(0, 3), Shards(0, 1, 2, 3)), (leases.Returned(B, Shards(0)).Of(B), leases.Returned(B, Shards(0)).EverLeased));
    }

    [Fact]
    public void Patience_that_ends_sooner_brings_deadlines_forward_and_puts_none_off()
    {
        var leases = OfTwo.Hasten(TimeSpan.FromSeconds(12));
        Assert.Equal((At(10), At(12)), (leases.Held[A].Deadline, leases.Held[B].Deadline));
    }

    static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    static ShardSet Shards(params int[] shards) => ShardSet.Of(shards.Select(shard => new ShardId(shard)));
}

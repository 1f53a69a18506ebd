using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class AuditTests
{
    static readonly WorkerId A = new("a");
    static readonly WorkerId B = new("b");
    static readonly WorkerId C = new("c");
    static readonly ShardId Shard = new(3);

    static readonly Audit OfOne = Audit.None.With(ShardSet.Of(Shard));

    [Fact]
    public void A_share_of_the_shards_is_drawn_anew_for_every_evaluation()
    {
        var all = ShardSet.UpTo(10_000);
        var (first, second) = (Draw(all, 0.1, 1), Draw(all, 0.1, 2));
        Assert.InRange(first.Count, 900, 1100);
        Assert.InRange(first.Intersect(second).Count, 50, 150);
        Assert.Equal(first, Draw(all, 0.1, 1));
        Assert.Equal((ShardSet.Empty, all), (Draw(all, 0, 1), Draw(all, 1, 1)));
    }

    [Fact]
    public void Two_equal_answers_settle_a_shard()
    {
        var audit = OfOne.Add(Shard, A, Sums(1));
        Assert.Null(audit.VerdictOn(Shard, isAwaited: false));
        var verdict = audit.Add(Shard, B, Sums(1)).VerdictOn(Shard, isAwaited: false)!;
        Assert.Equal(A, verdict.Truth.Worker);
        Assert.Empty(verdict.Faulty);
    }

    [Fact]
    public void Where_two_differ_a_third_decides_which_was_wrong()
    {
        var audit = OfOne.Add(Shard, A, Sums(1)).Add(Shard, B, Sums(2));
        Assert.Equal((null, 3), (audit.VerdictOn(Shard, isAwaited: false), audit.WorkersWanted(Shard)));
        var verdict = audit.Add(Shard, C, Sums(2)).VerdictOn(Shard, isAwaited: false)!;
        Assert.Equal((B, A), (verdict.Truth.Worker, Assert.Single(verdict.Faulty)));
    }

    [Fact]
    public void Where_three_differ_the_coordinator_decides()
    {
        var audit = OfOne.Add(Shard, A, Sums(1)).Add(Shard, B, Sums(2)).Add(Shard, C, Sums(3));
        Assert.Equal((null, 0), (audit.VerdictOn(Shard, isAwaited: false), audit.WorkersWanted(Shard)));
        var verdict = audit.Add(Shard, null, Sums(3)).VerdictOn(Shard, isAwaited: true)!;
        Assert.Null(verdict.Truth.Worker);
        Assert.Equal([A, B], verdict.Faulty.AsEnumerable());
    }

    [Fact]
    public void The_coordinators_answer_alone_waits_for_a_worker_that_is_in_time()
    {
        var audit = OfOne.Add(Shard, null, Sums(1));
        Assert.Null(audit.VerdictOn(Shard, isAwaited: true));
        Assert.NotNull(audit.VerdictOn(Shard, isAwaited: false));
        Assert.Equal(Shard, Assert.Single(audit.Referred));
    }

    [Fact]
    public void What_is_not_finite_is_the_same_whatever_else_is_in_it_and_not_the_same_as_what_is()
    {
        var (wild, other) = (Sums(1), Sums(2));
        (wild.NonFinite, other.NonFinite) = (true, true);
        Assert.NotNull(OfOne.Add(Shard, A, wild).Add(Shard, B, other).VerdictOn(Shard, isAwaited: false));
        Assert.Null(OfOne.Add(Shard, A, wild).Add(Shard, B, Sums(1)).VerdictOn(Shard, isAwaited: false));
    }

    [Fact]
    public void What_a_faulty_worker_said_is_forgotten_and_a_closed_shard_stays_closed()
    {
        var audit = OfOne.Add(Shard, A, Sums(1)).Without(A);
        Assert.Equal((0, 2), (audit.AnswerCount(Shard), audit.WorkersWanted(Shard)));
        Assert.Equal(ShardSet.Empty, audit.Close(Shard).With(ShardSet.Of(Shard)).Open);
    }

    static ShardSet Draw(ShardSet shards, double share, int evaluation) => Audit.Draw(shards, share, seed: 7, new EvaluationId(evaluation));

    static EvaluationSums Sums(int gradient)
    {
        var sums = new EvaluationSums(new ModelShape(2, 1), EvaluationKind.Gradient);
        sums.Gradient[1] = gradient;
        return sums;
    }
}

using DistTrain.Membership;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Shared.Tests.Membership;

public sealed class WorkerLifeTests
{
    static readonly RunId Run = new("r");
    static readonly WorkerLifeOptions Options = new(["a:4053", "b:4053"]);
    static readonly WorkerEvent Belongs = new WorkerBelongs(Run, Term.First);

    [Fact]
    public void Without_any_coordinator_it_ends_after_the_time_allowed_and_says_where_it_asked()
    {
        var life = new WorkerLife(Options);
        Assert.IsType<GoOn>(life.Handle(Seconds(59), TimePassed.Instance).Verdict);
        var problem = Assert.IsType<EndProcess>(life.Handle(Seconds(60), TimePassed.Instance).Verdict).Problem!;
        Assert.Equal(("DT5010", ExitCode.Cluster), (problem.Code, problem.ExitCode));
        Assert.Equal("no coordinator answered at a:4053, b:4053 for 60 s", problem.Message);
    }

    [Fact]
    public void A_coordinator_that_answers_without_admitting_is_one_all_the_same()
    {
        var life = After((50, CoordinatorHeard.Instance));
        Assert.IsType<GoOn>(life.Handle(Seconds(109), TimePassed.Instance).Verdict);
        Assert.IsType<EndProcess>(life.Handle(Seconds(110), TimePassed.Instance).Verdict);
    }

    [Fact]
    public void Five_seconds_without_a_live_term_start_it_anew_and_the_time_allowed_runs_from_the_last_word()
    {
        var life = After((1, Belongs), (10, CoordinatorHeard.Instance));
        Assert.IsType<GoOn>(life.Handle(Seconds(14.9), TimePassed.Instance).Verdict);
        var (next, verdict) = life.Handle(Seconds(15), TimePassed.Instance);
        Assert.Equal(new StartAnew("nothing was heard of a live term for 5 s", TimeSpan.Zero), verdict);

        Assert.IsType<GoOn>(next.Handle(Seconds(69), TimePassed.Instance).Verdict);
        Assert.IsType<EndProcess>(next.Handle(Seconds(70), TimePassed.Instance).Verdict);
    }

    [Fact]
    public void A_lost_actor_system_starts_it_anew_after_a_pause_where_it_never_reached_a_run()
    {
        Assert.Equal(new StartAnew("downed", TimeSpan.Zero), After((1, Belongs)).Handle(Seconds(2), new SystemLost("downed")).Verdict);

        var (next, verdict) = After().Handle(Seconds(2), new SystemLost("no port"));
        Assert.Equal(new StartAnew("no port", Seconds(1)), verdict);
        Assert.IsType<EndProcess>(next.Handle(Seconds(60), TimePassed.Instance).Verdict);
    }

    [Fact]
    public void Actor_systems_that_are_lost_at_once_each_time_end_it_after_the_time_allowed_and_the_last_reason_is_told()
    {
        var (life, verdict) = After().Handle(Seconds(59), new SystemLost("no port"));
        Assert.IsType<StartAnew>(verdict);
        var problem = Assert.IsType<EndProcess>(life.Handle(Seconds(60), new SystemLost("no port")).Verdict).Problem!;
        Assert.Equal(("DT5010", ExitCode.Cluster), (problem.Code, problem.ExitCode));
        Assert.Equal("found: the actor system was lost: no port", problem.Details[0]);
    }

    [Fact]
    public void One_that_waits_for_the_next_run_outlasts_actor_systems_that_are_lost()
    {
        var (life, _) = After(Options with { Stay = true }, (1, Belongs)).Handle(Seconds(2), new RunOver(Run));
        Assert.IsType<StartAnew>(life.Handle(Seconds(600), new SystemLost("no port")).Verdict);
    }

    [Fact]
    public void The_end_of_the_run_is_its_end_too() =>
        Assert.Equal(new EndProcess(null), After((1, Belongs)).Handle(Seconds(2), new RunOver(Run)).Verdict);

    [Fact]
    public void One_that_stays_waits_for_the_next_run_as_long_as_it_takes_and_then_obeys_the_deadlines_again()
    {
        var options = Options with { Stay = true };
        var (life, verdict) = After(options, (1, Belongs)).Handle(Seconds(2), new RunOver(Run));
        Assert.Equal(new StartAnew("run r is over", Seconds(1)), verdict);
        Assert.IsType<GoOn>(life.Handle(TimeSpan.FromDays(3), TimePassed.Instance).Verdict);

        var day = TimeSpan.FromDays(3);
        (life, _) = life.Handle(day, Belongs);
        (life, verdict) = life.Handle(day + Seconds(5), TimePassed.Instance);
        Assert.IsType<StartAnew>(verdict);
        Assert.IsType<EndProcess>(life.Handle(day + Seconds(60), TimePassed.Instance).Verdict);
    }

    [Fact]
    public void One_that_stays_ends_all_the_same_where_it_never_found_a_coordinator() =>
        Assert.IsType<EndProcess>(After(Options with { Stay = true }).Handle(Seconds(60), TimePassed.Instance).Verdict);

    [Fact]
    public void One_that_is_refused_ends_with_the_reason()
    {
        var problem = Assert.IsType<EndProcess>(After().Handle(Seconds(1), new WorkerTurnedDown("it speaks protocol 1")).Verdict).Problem!;
        Assert.Equal(("DT3301", ExitCode.Configuration), (problem.Code, problem.ExitCode));
        Assert.Equal("the coordinator refuses this worker: it speaks protocol 1", problem.Message);
    }

    [Fact]
    public void A_dataset_that_cannot_be_opened_ends_it_and_one_that_is_late_does_not()
    {
        var problem = new Problem("DT7001", ExitCode.Unreadable, "damaged");
        Assert.Equal(new EndProcess(problem), After((1, Belongs)).Handle(Seconds(2), new DatasetFailed(problem)).Verdict);
        Assert.IsType<GoOn>(After((1, Belongs)).Handle(Seconds(2), new DatasetDelayed("no answer")).Verdict);
    }

    [Fact]
    public void One_that_is_sent_away_is_watched_on() =>
        Assert.IsType<StartAnew>(After((1, Belongs), (2, new WorkerSentAway("silent"))).Handle(Seconds(6), TimePassed.Instance).Verdict);

    static WorkerLife After(params (double At, WorkerEvent Happened)[] history) => After(Options, history);

    static WorkerLife After(WorkerLifeOptions options, params (double At, WorkerEvent Happened)[] history) =>
        history.Aggregate(new WorkerLife(options), (life, entry) =>
        {
            var (next, verdict) = life.Handle(Seconds(entry.At), entry.Happened);
            Assert.IsType<GoOn>(verdict);
            return next;
        });

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}

using Akka.Actor;
using DistTrain.Coordinator.Actors;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Actors;

public class TrainingActorTests(ITestOutputHelper output) : ActorTests(output)
{
    const int QuestionCount = 5;

    /// <summary>For tests in which a deadline has to pass.</summary>
    static readonly TrainingRunOptions Hasty = Patient with
    {
        MinWorkers = 2,
        LeaseFirst = TimeSpan.FromSeconds(0.5),
        LeaseMin = TimeSpan.FromSeconds(0.5),
    };

    [Fact]
    public async Task One_worker_that_answers_every_lease_gives_the_result_of_no_cluster_at_all()
    {
        var worker = Worker(Start(Patient), "a");
        await worker.JoinAsync();
        await worker.WorkToTheEndAsync();

        await ExpectUndisturbedBitsAsync();
        Assert.Equal(QuestionCount, Notices.Of<EvaluationFinishedNotice>().Length);
        Assert.Equal(QuestionCount, Notices.Of<StepTakenNotice>().Length);
        Assert.Single(Notices.Of<RunFinishedNotice>());
    }

    [Fact]
    public async Task With_everything_computed_twice_the_coordinator_computes_beside_a_lone_worker()
    {
        var computer = new CountingComputer();
        var worker = Worker(Start(Patient with { Audit = 1, CanRecompute = true }, computer), "a");
        await worker.JoinAsync();
        await worker.WorkToTheEndAsync();

        await ExpectUndisturbedBitsAsync();
        Assert.All(Notices.Of<EvaluationFinishedNotice>(), notice => Assert.Equal(notice.Shards.Count, notice.AuditedCount));
        Assert.InRange(computer.Count, 1, int.MaxValue);
    }

    [Fact]
    public async Task Where_the_coordinator_cannot_compute_what_has_to_be_compared_the_run_fails_with_the_cause()
    {
        var computer = new CountingComputer(_ => throw new InvalidOperationException("torn"));
        EventFilter.Error(contains: "could not compute a shard itself").Mute();
        var worker = Worker(Start(Patient with { Audit = 1, CanRecompute = true }, computer), "a");
        await worker.JoinAsync();
        var error = await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
        Assert.Equal("DT1104", error.Problem.Code);
        Assert.Contains("InvalidOperationException: torn", error.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_workers_get_disjoint_leases_that_cover_all_shards()
    {
        var training = Start(Patient with { MinWorkers = 2 });
        var (a, b) = (Worker(training, "a"), Worker(training, "b"));
        await a.JoinAsync();
        await b.JoinAsync();
        var (ofA, ofB) = (await a.LeaseAsync(), await b.LeaseAsync());

        Assert.False(ofA.Shards.Overlaps(ofB.Shards));
        Assert.Equal(ShardSet.UpTo(4), ofA.Shards.Union(ofB.Shards));
        Assert.False(ofA.Uncombined || ofB.Uncombined);
    }

    [Fact]
    public async Task The_shards_of_a_late_worker_go_to_another_and_its_late_answer_is_refused()
    {
        var training = Start(Hasty with { SilentDeadlines = 100 });
        var (late, good) = (Worker(training, "late"), Worker(training, "good"));
        await late.JoinAsync();
        await good.JoinAsync();
        var missed = await late.LeaseAsync();
        good.Answer(await good.LeaseAsync());
        var moved = await good.LeaseAsync();
        Assert.True(moved.Uncombined);
        Assert.Equal(missed.Shards, moved.Shards);
        good.Answer(moved);

        await late.Probe.FishForMessageAsync(message => message is EvaluationClosed, Deadline);
        late.Answer(missed);
        await AwaitAssertAsync(
            () => Assert.Contains(Notices.Of<ContributionRefusedNotice>(), refused => refused is { Worker: "late", Evaluation: 1 }), Deadline);
        await Task.WhenAll(late.WorkToTheEndAsync(), good.WorkToTheEndAsync());
        await ExpectUndisturbedBitsAsync();
    }

    [Fact]
    public async Task An_answer_that_comes_twice_counts_once()
    {
        var worker = Worker(Start(Patient), "a");
        await worker.JoinAsync();
        var lease = await worker.LeaseAsync();
        var half = ShardSet.Of(lease.Shards.Take(2));
        worker.Send(lease, half);
        worker.Send(lease, half);
        worker.Send(lease, lease.Shards.Except(half));
        await worker.WorkToTheEndAsync();

        await ExpectUndisturbedBitsAsync();
        Assert.Equal("shards 0,1 already answered", Assert.Single(Notices.Of<ContributionRefusedNotice>()).Reason);
    }

    [Fact]
    public async Task A_worker_that_never_answers_is_lost_and_the_other_ends_the_run()
    {
        var training = Start(Hasty with { SilentDeadlines = 2 });
        var (mute, good) = (Worker(training, "mute"), Worker(training, "good"));
        await mute.JoinAsync();
        await good.JoinAsync();
        await good.WorkToTheEndAsync();

        await ExpectUndisturbedBitsAsync();
        Assert.Equal("it was silent for 2 deadlines", Assert.Single(Notices.Of<WorkerLostNotice>()).Reason);
        await mute.Probe.FishForMessageAsync(message => message is WorkerDismissed, Deadline);
    }

    [Fact]
    public async Task Wrong_sums_are_refused_and_their_shards_tried_elsewhere()
    {
        var training = Start(Patient with { MinWorkers = 2 });
        var (wrong, good) = (Worker(training, "wrong"), Worker(training, "good"));
        await wrong.JoinAsync();
        await good.JoinAsync();
        var lease = await wrong.LeaseAsync();
        wrong.Send(lease, lease.Shards, new EvaluationSums(new ModelShape(9, 9), lease.Request.Kind));
        good.Answer(await good.LeaseAsync());
        var moved = await good.LeaseAsync();
        Assert.Equal(lease.Shards, moved.Shards);
        good.Answer(moved);

        await Task.WhenAll(wrong.WorkToTheEndAsync(), good.WorkToTheEndAsync());
        await ExpectUndisturbedBitsAsync();
    }

    [Fact]
    public async Task The_leases_of_a_worker_that_leaves_or_dies_move_at_once()
    {
        var training = Start(Patient with { MinWorkers = 3 });
        var (leaver, mortal, good) = (Worker(training, "leaver"), Worker(training, "mortal"), Worker(training, "good"));
        await leaver.JoinAsync();
        await mortal.JoinAsync();
        await good.JoinAsync();
        training.Tell(new WorkerLeaving(new WorkerId("leaver"), 1));
        Sys.Stop(mortal.Probe);
        await good.WorkToTheEndAsync();

        await ExpectUndisturbedBitsAsync();
        Assert.Equal(["it ended", "it left"], Notices.Of<WorkerLostNotice>().Select(lost => lost.Reason).Order());
    }

    [Fact]
    public async Task A_shard_that_fails_three_times_fails_the_run()
    {
        var worker = Worker(Start(Patient), "a");
        await worker.JoinAsync();
        for (var attempt = 0; attempt < 3; attempt++) worker.Fail(await worker.LeaseAsync(), "IOException: disk");

        var failure = await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
        Assert.Equal("DT1101: shard 0 could not be computed in 3 attempts: IOException: disk", failure.Message);
        await worker.Probe.ExpectMsgAsync<RunEnded>(Deadline);
    }

    [Fact]
    public async Task Without_workers_the_run_fails_after_the_join_timeout()
    {
        Start(Patient with { JoinTimeout = TimeSpan.FromSeconds(0.1), MinWorkers = 2 });
        var failure = await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
        Assert.Equal("DT5001: 0 of 2 workers joined within 0.1 s", failure.Message);
        Assert.Equal(ExitCode.Cluster, failure.Problem.ExitCode);
    }

    [Fact]
    public async Task A_worker_of_another_arithmetic_is_told_why_it_cannot_take_part()
    {
        var probe = CreateTestProbe();
        Start(Patient).Tell(Joining("odd") with { ArithmeticHash = "other" }, probe);
        var refused = await probe.ExpectMsgAsync<WorkerRefused>(Deadline);
        Assert.Equal("its arithmetic self-test gives other, the coordinator's hash: its sums would have other bits", refused.Reason);
    }

    [Fact]
    public async Task The_mailbox_answers_while_the_trainer_thinks()
    {
        using var release = new ManualResetEventSlim();
        var training = StartTraining(Patient, new TrainerAnswer(new StubTrainer(release.Wait), FirstQuestion, [], null));
        var worker = Worker(training, "a");
        await worker.JoinAsync();
        worker.Answer(await worker.LeaseAsync());
        await AwaitAssertAsync(() => Assert.Single(Notices.Of<EvaluationFinishedNotice>()), Deadline);

        await Worker(training, "b").JoinAsync();
        Assert.False(Outcome.Result.IsCompleted);
        release.Set();
        await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
    }

    [Fact]
    public async Task A_problem_of_the_trainer_is_the_problem_of_the_run()
    {
        var diverged = new Problem("DT6001", ExitCode.Diverged, "the objective is not finite");
        var failure = await FailingTrainerAsync(() => throw diverged.AsException());
        Assert.Equal("DT6001: the objective is not finite", failure.Message);
    }

    [Fact]
    public async Task Any_other_exception_of_the_trainer_is_our_mistake()
    {
        var failure = await FailingTrainerAsync(() => throw new InvalidOperationException("a bug"));
        Assert.Equal("DT1001: the run broke off: InvalidOperationException: a bug", failure.Message);
        Assert.Equal(ExitCode.OurMistake, failure.Problem.ExitCode);
    }

    [Fact]
    public async Task A_stop_ends_the_run_with_the_problem_given()
    {
        var training = Start(Patient);
        var worker = Worker(training, "a");
        await worker.JoinAsync();
        training.Tell(new StopTraining(new Problem("DT1300", ExitCode.Interrupted, "stopped by Ctrl-C")));
        Assert.Equal("DT1300: stopped by Ctrl-C", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Message);
    }

    [Fact]
    public async Task The_end_of_the_actor_ends_the_run()
    {
        Sys.Stop(Start(Patient));
        Assert.Equal(
            "DT1304: training was stopped before it ended", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Message);
    }

    async Task<DistTrainException> FailingTrainerAsync(Action tell)
    {
        var worker = Worker(StartTraining(Patient, new TrainerAnswer(new StubTrainer(tell), FirstQuestion, [], null)), "a");
        await worker.JoinAsync();
        worker.Answer(await worker.LeaseAsync());
        return await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
    }

    static Question FirstQuestion => new(new EvaluationRequest(EvaluationKind.Gradient), new Parameters(CountingTrainer.Shape), 0);

    IActorRef Start(TrainingRunOptions options, IShardComputer? computer = null) =>
        StartTraining(options, CountingTrainer.Start(QuestionCount), computer: computer);

    ProbeWorker Worker(IActorRef training, string name) => new(CreateTestProbe(name), training, name);

    async Task ExpectUndisturbedBitsAsync() => Assert.Equal(
        CountingTrainer.Undisturbed(QuestionCount, Patient).Parameters.Values.Select(BitConverter.DoubleToInt64Bits),
        (await ResultAsync()).Parameters.Values.Select(BitConverter.DoubleToInt64Bits));

    /// <summary>Does as told, then fails.</summary>
    sealed class StubTrainer(Action tell) : ITrainer
    {
        public TrainerAnswer Tell(EvaluationSums sums)
        {
            tell();
            throw new InvalidOperationException("nothing to answer");
        }

        public bool IsClosing => false;

        public TrainerAnswer Close(StoppedBy reason) => throw new InvalidOperationException("nothing to close");

        public void Save(StateWriter state) => throw new InvalidOperationException("nothing to save");
    }
}

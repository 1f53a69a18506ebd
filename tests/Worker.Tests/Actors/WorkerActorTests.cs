using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Actors;
using DistTrain.Worker.Tests.Testing;
using Xunit.Abstractions;

namespace DistTrain.Worker.Tests.Actors;

public sealed class WorkerActorTests : TestKit
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static readonly RunId Run = new("run");
    static readonly WorkerId Id = new("w");

    readonly ComputeThreads _threads = new("test", 1);
    readonly TestProbe _coordinator;

    public WorkerActorTests(ITestOutputHelper output) : base("akka.loglevel = WARNING", output: output) =>
        _coordinator = CreateTestProbe("coordinator");

    [Fact]
    public async Task It_asks_to_join_until_it_is_admitted()
    {
        var worker = Start(new StubComputer());
        var first = await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        Assert.Equal(first, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        Assert.Equal((Id, 1, "hash", ProtocolVersion.Current), (first.Worker, first.Threads, first.ArithmeticHash, first.ProtocolVersion));
        Admit(worker, first);
        Publish(worker, 0);
        Lease(worker, 1, ShardSet.UpTo(2));
        var answer = (ContributionComputed)await _coordinator.FishForMessageAsync(message => message is ContributionComputed, Deadline);
        Assert.Equal((Run, Term.First, new EvaluationId(1), Id), (answer.Run, answer.Term, answer.Evaluation, answer.Worker));
        Assert.Equal(ShardSet.UpTo(2), answer.Contribution.Shards);
    }

    [Fact]
    public async Task It_hears_messages_while_it_computes_and_drops_the_work_of_a_closed_evaluation()
    {
        using var started = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var worker = await StartAdmittedAsync(new StubComputer(_ =>
        {
            started.Release();
            release.Wait(Deadline);
        }));
        Lease(worker, 1, ShardSet.UpTo(3));
        Assert.True(await started.WaitAsync(Deadline));

        worker.Tell(new EvaluationClosed(Run, Term.First, new EvaluationId(1)), _coordinator);
        worker.Tell(new Identify("still there"), _coordinator);
        await _coordinator.ExpectMsgAsync<ActorIdentity>(Deadline); // Answered in the middle of a shard.
        Lease(worker, 2, ShardSet.Of(new ShardId(3)));
        release.Release(10);
        Assert.Equal(2, (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Evaluation.Number);
    }

    [Fact]
    public async Task It_computes_no_shard_twice_that_it_still_owes_in_the_same_way_and_again_one_that_it_has_answered()
    {
        using var release = new SemaphoreSlim(0);
        var worker = await StartAdmittedAsync(new StubComputer(_ => release.Wait(Deadline)));
        Lease(worker, 1, ShardSet.UpTo(2));
        Lease(worker, 1, ShardSet.UpTo(3));
        release.Release(3);
        Assert.Equal(ShardSet.UpTo(2), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
        Assert.Equal(ShardSet.Of(new ShardId(2)), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);

        Lease(worker, 1, ShardSet.Of(new ShardId(1)), uncombined: true);
        release.Release();
        Assert.Equal(ShardSet.Of(new ShardId(1)), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
    }

    [Fact]
    public async Task What_it_still_computes_together_it_computes_again_when_asked_one_by_one()
    {
        using var release = new SemaphoreSlim(0);
        var worker = await StartAdmittedAsync(new StubComputer(_ => release.Wait(Deadline)));
        Lease(worker, 1, ShardSet.UpTo(2));
        Lease(worker, 1, ShardSet.Of(new ShardId(1)), uncombined: true);
        Lease(worker, 1, ShardSet.Of(new ShardId(1)), uncombined: true);
        release.Release(4);
        Assert.Equal(ShardSet.UpTo(2), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
        Assert.Equal(ShardSet.Of(new ShardId(1)), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
        Lease(worker, 2, ShardSet.Of(new ShardId(0)));
        Assert.Equal(2, (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Evaluation.Number);
    }

    [Fact]
    public async Task It_gives_back_what_it_has_not_begun_except_what_is_to_be_answered_one_by_one()
    {
        using var started = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var worker = await StartAdmittedAsync(new StubComputer(_ =>
        {
            started.Release();
            release.Wait(Deadline);
        }));
        Lease(worker, 1, ShardSet.UpTo(4));
        Lease(worker, 1, ShardSet.Of(new ShardId(5)), uncombined: true);
        Assert.True(await started.WaitAsync(Deadline));
        worker.Tell(new ShardsRecalled(Run, Term.First, new EvaluationId(2), ShardSet.UpTo(6)), _coordinator);
        worker.Tell(new ShardsRecalled(Run, Term.First, new EvaluationId(1), ShardSet.Of(new(0), new(2), new(3), new(5))), _coordinator);
        var returned = await _coordinator.ExpectMsgAsync<ShardsReturned>(Deadline);
        Assert.Equal((new EvaluationId(1), ShardSet.Of(new(2), new(3))), (returned.Evaluation, returned.Shards));

        release.Release(10);
        Assert.Equal(ShardSet.UpTo(2), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
        Assert.Equal(ShardSet.Of(new ShardId(5)), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
    }

    [Fact]
    public async Task It_obeys_only_the_run_and_term_that_admitted_it_and_begins_anew_after_the_next_admission()
    {
        var worker = await StartAdmittedAsync(new StubComputer());
        Lease(worker, 7, ShardSet.UpTo(1));
        await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline);
        worker.Tell(new RunEnded(new RunId("other"), Term.First), _coordinator);
        worker.Tell(new WorkerDismissed(Run, new Term(2), Id, "foreign"), _coordinator);
        Lease(worker, 8, ShardSet.UpTo(1));
        Assert.Equal(8, (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Evaluation.Number);

        worker.Tell(new WorkerDismissed(Run, Term.First, Id, "silent"), _coordinator);
        Admit(worker, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        Publish(worker, 0);
        Lease(worker, 1, ShardSet.UpTo(1));
        var answer = (ContributionComputed)await _coordinator.FishForMessageAsync(message => message is ContributionComputed, Deadline);
        Assert.Equal(1, answer.Evaluation.Number);
    }

    [Fact]
    public async Task It_reports_a_shard_that_fails_and_tries_it_when_asked_again()
    {
        var failures = 1;
        var worker = await StartAdmittedAsync(new StubComputer(shard =>
        {
            if (shard.Index == 1 && failures-- > 0) throw new IOException("torn");
        }));
        Lease(worker, 1, ShardSet.UpTo(2));
        Assert.Equal("IOException: torn", (await _coordinator.ExpectMsgAsync<ComputeFailed>(Deadline)).Error);
        Lease(worker, 1, ShardSet.Of(new ShardId(1)), uncombined: true);
        var first = (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution;
        var second = (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution;
        Assert.Equal((Int128)0b11, first.Sums.Loss + second.Sums.Loss);
    }

    [Fact]
    public async Task It_asks_for_parameters_that_never_came()
    {
        var worker = await StartAdmittedAsync(new StubComputer());
        Lease(worker, 1, ShardSet.UpTo(2), version: 5);
        Assert.Equal(5, (await _coordinator.ExpectMsgAsync<ParametersMissing>(Deadline)).Version);
    }

    [Fact]
    public async Task It_joins_again_when_dismissed_and_when_its_coordinator_is_gone()
    {
        var worker = await StartAdmittedAsync(new StubComputer());
        worker.Tell(new WorkerDismissed(Run, Term.First, Id, "silent"), _coordinator);
        var again = await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);

        var other = CreateTestProbe();
        worker.Tell(new WorkerAdmitted(Run, Term.First, Id, again.Incarnation, Targets.Plain), other);
        Sys.Stop(other);
        await _coordinator.FishForMessageAsync(message => message is WorkerJoining, Deadline);
    }

    [Fact]
    public async Task After_a_long_silence_it_says_again_that_it_is_there()
    {
        var worker = Start(new StubComputer(), TimeSpan.FromSeconds(0.05));
        var joining = await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        Admit(worker, joining);
        Assert.Equal(joining, await _coordinator.FishForMessageAsync(message => message is WorkerJoining, Deadline));
    }

    [Fact]
    public async Task It_tells_when_it_stops_and_says_nothing_more_after_the_end_of_the_run()
    {
        var worker = await StartAdmittedAsync(new StubComputer());
        Sys.Stop(worker);
        Assert.Equal(Id, (await _coordinator.ExpectMsgAsync<WorkerLeaving>(Deadline)).Worker);

        var ended = await StartAdmittedAsync(new StubComputer());
        ended.Tell(new RunEnded(Run, Term.First), _coordinator);
        Lease(ended, 1, ShardSet.UpTo(2));
        ended.Tell(new Identify("all heard"), _coordinator); // A stop overtakes messages.
        await _coordinator.ExpectMsgAsync<ActorIdentity>(Deadline);
        await WatchAsync(ended);
        Sys.Stop(ended);
        await ExpectTerminatedAsync(ended, Deadline);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Each_life_of_it_in_a_process_has_a_later_incarnation_also_when_the_clock_is_set_back()
    {
        var clock = new SettableClock(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var setting = SettingOf(new StubComputer(), clock);
        Start(setting);
        var first = await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        Assert.Equal(clock.Now.Ticks, first.Incarnation);

        clock.Now -= TimeSpan.FromHours(1);
        Start(setting with { Observer = new RecordingObserver() });
        var second = (WorkerJoining)await _coordinator.FishForMessageAsync(
            message => message is WorkerJoining joining && joining.Incarnation != first.Incarnation, Deadline);
        Assert.True(second.Incarnation > first.Incarnation);
    }

    [Fact]
    public async Task A_refused_worker_asks_no_more()
    {
        var worker = Start(new StubComputer());
        await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        await EventFilter.Error(contains: "Refused by the coordinator: old").ExpectOneAsync(Deadline, () =>
        {
            worker.Tell(new WorkerRefused(Run, Term.First, Id, "old"), _coordinator);
            return Task.CompletedTask;
        });
        worker.Tell(new Identify(null), _coordinator);
        await _coordinator.FishForMessageAsync(message => message is ActorIdentity, Deadline);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.FromSeconds(0.2));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _threads.Dispose();
    }

    IActorRef Start(IShardComputer computer, TimeSpan? silenceMax = null) =>
        Start(SettingOf(computer, TimeProvider.System) with { SilenceMax = silenceMax ?? TimeSpan.FromMinutes(1) });

    WorkerSetting SettingOf(IShardComputer computer, TimeProvider time) =>
        new(Id, new StubComputerSource(computer), _threads, "hash", time) { SilenceMax = TimeSpan.FromMinutes(1) };

    IActorRef Start(WorkerSetting setting)
    {
        IActorRef coordinator = _coordinator;
        return Sys.ActorOf(Props.Create(() => new WorkerActor(setting, coordinator)));
    }

    async Task<IActorRef> StartAdmittedAsync(IShardComputer computer)
    {
        var worker = Start(computer);
        Admit(worker, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        Publish(worker, 0);
        // What it said before it was admitted is not of interest.
        worker.Tell(new Identify("settled"), _coordinator);
        await _coordinator.FishForMessageAsync(message => message is ActorIdentity, Deadline);
        return worker;
    }

    void Admit(IActorRef worker, WorkerJoining joining) =>
        worker.Tell(new WorkerAdmitted(Run, Term.First, Id, joining.Incarnation, Targets.Plain), _coordinator);

    void Publish(IActorRef worker, long version) =>
        worker.Tell(new ParametersPublished(Run, Term.First, version, new Parameters(new ModelShape(2, 1))), _coordinator);

    void Lease(IActorRef worker, long evaluation, ShardSet shards, bool uncombined = false, long version = 0) => worker.Tell(
        new ComputeShards(
            Run, Term.First, new EvaluationId(evaluation), version, new EvaluationRequest(EvaluationKind.Gradient), shards, uncombined),
        _coordinator);

    /// <summary>A clock on the wall that is set by hand; timers are the system's.</summary>
    sealed class SettableClock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using DistTrain.Coordinator.Cluster;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Learning;
using DistTrain.Node;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>How a run is taken up, and who is let in, with probes in the place of workers' gates.</summary>
public sealed class RunConductorTests : ActorTests
{
    static readonly int[] ShardRows = [20, 10];
    static readonly PlainProblem Problem = PlainProblem.Random(seed: 5, rowCount: 30, featureCount: 3, classCount: 2);

    readonly BlockStore _store = new();
    readonly ComputeThreads _threads = new("conductor", 2);
    readonly ConductorPresence _presence;

    public RunConductorTests(ITestOutputHelper output) : base(output) => _presence = new ConductorPresence(Outcome);

    [Fact]
    public async Task Who_knocks_before_the_run_is_taken_up_is_let_in_when_it_is()
    {
        using var prepared = new ManualResetEventSlim();
        var conductor = Start(() =>
        {
            prepared.Wait(Deadline);
            return Run();
        });
        var worker = Join(conductor, "w", incarnation: 1);
        await worker.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(30));

        prepared.Set();
        var admitted = await worker.FishForMessageAsync<WorkerAdmitted>(_ => true, Deadline);
        Assert.Equal((new WorkerId("w"), new Term(4), Offer), (admitted.Worker, admitted.Term, admitted.Dataset!));
        Assert.NotEqual(conductor, worker.LastSender);
        Assert.True(_presence.IsHere);
    }

    [Fact]
    public async Task Who_knocks_at_a_run_that_was_found_finished_hears_of_its_end()
    {
        using var prepared = new ManualResetEventSlim();
        var conductor = Start(() =>
        {
            prepared.Wait(Deadline);
            _presence.End(new RunId("conducted"));
            return null;
        });
        var early = Join(conductor, "early", incarnation: 1);
        prepared.Set();

        Assert.Equal(new RunId("conducted"), (await early.ExpectMsgAsync<RunEnded>(Deadline)).Run);
        await Join(conductor, "late", incarnation: 1).ExpectMsgAsync<RunEnded>(Deadline);
    }

    [Fact]
    public async Task A_worker_that_knocks_again_speaks_to_the_same_gate()
    {
        var conductor = Start(Run);
        var worker = Join(conductor, "w", incarnation: 1);
        await worker.FishForMessageAsync<WorkerAdmitted>(_ => true, Deadline);
        var gate = worker.LastSender;

        conductor.Tell(Joining("w", incarnation: 1), worker);
        await worker.FishForMessageAsync<WorkerAdmitted>(_ => true, Deadline);
        Assert.Equal(gate, worker.LastSender);
    }

    [Fact]
    public async Task A_later_life_of_a_worker_ends_the_gate_of_the_one_before()
    {
        var conductor = Start(Run);
        var older = Join(conductor, "w", incarnation: 1);
        await older.FishForMessageAsync<WorkerAdmitted>(_ => true, Deadline);
        var gate = older.LastSender;
        await WatchAsync(gate);

        var later = Join(conductor, "w", incarnation: 2);
        await later.FishForMessageAsync<WorkerAdmitted>(admitted => admitted.Incarnation == 2, Deadline);
        await ExpectTerminatedAsync(gate, Deadline);
        Assert.Equal(2, Notices.Of<WorkerJoinedNotice>().Length);
    }

    [Fact]
    public async Task A_worker_of_another_version_is_refused_by_name()
    {
        var conductor = Start(Run);
        var worker = CreateTestProbe();
        conductor.Tell(Joining("w", incarnation: 1) with { ProtocolVersion = 1 }, worker);
        var refused = await worker.FishForMessageAsync<WorkerRefused>(_ => true, Deadline);
        Assert.StartsWith("it speaks protocol 1", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_a_run_from_being_taken_up_is_its_outcome()
    {
        Start(() => throw new Problem("DT5002", ExitCode.Cluster, "another process goes on").AsException());
        var failure = await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
        Assert.Equal("DT5002", failure.Problem.Code);
    }

    [Fact]
    public async Task A_mistake_of_our_own_while_taking_it_up_is_told_as_one()
    {
        Start(() => throw new InvalidOperationException("oh"));
        var failure = await Assert.ThrowsAsync<DistTrainException>(ResultAsync);
        Assert.Equal("DT1001", failure.Problem.Code);
        Assert.Contains("InvalidOperationException: oh", failure.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_cannot_work_are_its_outcome()
    {
        Start(() => Run() with { Options = new CoordinatorOptions { MinWorkers = 0 } });
        Assert.Equal("DT3020", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Problem.Code);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_with_the_cause_given()
    {
        var conductor = Start(Run);
        var worker = Join(conductor, "w", incarnation: 1);
        await worker.FishForMessageAsync<WorkerAdmitted>(_ => true, Deadline);
        _presence.Stop(new Problem("DT1301", ExitCode.Interrupted, "stopped by a signal"));
        Assert.Equal("DT1301", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Problem.Code);
    }

    [Fact]
    public async Task Who_is_stopped_before_its_turn_takes_no_run_up_afterwards()
    {
        _presence.Stop(new Problem("DT1301", ExitCode.Interrupted, "stopped by a signal"));
        var conductor = Start(Run);
        Assert.Equal("DT1301", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Problem.Code);
        await Join(conductor, "w", incarnation: 1).ExpectNoMsgAsync(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public async Task A_conductor_that_hands_over_ends_and_its_run_with_it()
    {
        var conductor = Start(Run);
        var worker = Join(conductor, "w", incarnation: 1);
        await worker.FishForMessageAsync<WorkerAdmitted>(_ => true, Deadline);
        await WatchAsync(conductor);

        conductor.Tell(RunConductor.HandOver.Instance);
        await ExpectTerminatedAsync(conductor, Deadline);
        Assert.Equal("DT5003", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Problem.Code);
        Assert.False(_presence.IsHere);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _threads.Dispose();
        _store.Dispose();
    }

    static DatasetOffer Offer { get; } = new("fingerprint", new string('0', 64), "/nowhere", ["http://127.0.0.1:1"]);

    IActorRef Start(Func<ConductedRun?> start)
    {
        var exchange = new BlockExchange(_store, new StoreClient(_store), () => "http://127.0.0.1:1", new FetchBudget(FetchBudget.Standard));
        ImmutableArray<ITrainingObserver> observers = [Notices];
        var parts = new ConductorParts(
            start, _threads, _threads, _threads, exchange, new PublishedWeights(), observers, Outcome, _presence, TimeProvider.System,
            TimeSpan.FromMinutes(1), FanOut: 16);
        return Sys.ActorOf(Props.Create(() => new RunConductor(parts)));
    }

    TestProbe Join(IActorRef conductor, string name, long incarnation)
    {
        var worker = CreateTestProbe();
        conductor.Tell(Joining(name, incarnation: incarnation), worker);
        return worker;
    }

    static ConductedRun Run()
    {
        var manifest = Problem.Manifest(null, ShardRows);
        var first = Trainer.Start(manifest, new TrainingOptions { L2 = 1e-2 });
        var job = new TrainingJob(new RunId("conducted"), manifest, Targets.Plain, first) { Term = new Term(4), Dataset = Offer };
        return new ConductedRun(job, new CoordinatorOptions { MinWorkers = 2 }, []);
    }

    static new WorkerJoining Joining(string name, int threads = 1, long incarnation = 1) =>
        ActorTests.Joining(name, threads, incarnation) with { ArithmeticHash = NodeArithmetic.Hash, DatasetFingerprint = "fingerprint" };
}

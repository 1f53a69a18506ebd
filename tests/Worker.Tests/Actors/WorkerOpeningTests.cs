using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Learning;
using DistTrain.Membership;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Actors;
using DistTrain.Worker.Tests.Testing;
using Xunit.Abstractions;

namespace DistTrain.Worker.Tests.Actors;

/// <summary>A worker that has to open the dataset of the run it is admitted to.</summary>
public sealed class WorkerOpeningTests : TestKit, IWorkerObserver
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static readonly RunId Run = new("run");
    static readonly WorkerId Id = new("w");
    static readonly DatasetOffer Offer = new("f1", "m1", "/somewhere", []);

    readonly ComputeThreads _threads = new("test", 1);
    readonly TestProbe _coordinator;
    readonly ConcurrentQueue<WorkerEvent> _happened = [];

    public WorkerOpeningTests(ITestOutputHelper output) : base("akka.loglevel = WARNING", output: output) =>
        _coordinator = CreateTestProbe("coordinator");

    [Fact]
    public async Task It_introduces_itself_again_with_the_dataset_when_that_is_open()
    {
        var opened = new TaskCompletionSource();
        var worker = Start(new StubComputerSource(new StubComputer(), _ => opened.Task) { Cached = ShardSet.UpTo(1) });
        var first = await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        Assert.Equal((null, "http://here:1"), (first.DatasetFingerprint, first.BlockAddress));
        Admit(worker, first);
        worker.Tell(new TermAlive(Run, Term.First), _coordinator);
        opened.SetResult();

        var second = await JoiningAsync(joining => joining.DatasetFingerprint is not null);
        Assert.Equal(first with { DatasetFingerprint = "f1", Cached = ShardSet.UpTo(1) }, second with { Cached = first.Cached });
        Lease(worker);
        Assert.Equal(ShardSet.UpTo(2), (await _coordinator.ExpectMsgAsync<ContributionComputed>(Deadline)).Contribution.Shards);
        Assert.Equal([new WorkerBelongs(Run, Term.First), "f1"], _happened.Select(e => e is DatasetOpened o ? o.Fingerprint : (object)e));
    }

    [Fact]
    public async Task A_dataset_that_never_opens_is_given_up_after_its_deadline_told_and_tried_again()
    {
        var worker = Start(new StubComputerSource(new StubComputer(), _ => new TaskCompletionSource().Task), TimeSpan.FromSeconds(0.05));
        Admit(worker, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        var leaving = (WorkerLeaving)await _coordinator.FishForMessageAsync(message => message is WorkerLeaving, Deadline);
        Assert.Equal("it cannot open the dataset: it was not open after 0.05 s", leaving.Reason);
        await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        Assert.Equal(new DatasetDelayed("it was not open after 0.05 s"), _happened.Last());
    }

    [Fact]
    public async Task A_dataset_that_cannot_be_opened_is_told_on_both_sides_and_ends_it()
    {
        var problem = new Problem("DT7777", ExitCode.Unreadable, "the manifest is damaged");
        var worker = Start(new StubComputerSource(new StubComputer(), _ => Task.FromException(problem.AsException())));
        Admit(worker, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        var leaving = (WorkerLeaving)await _coordinator.FishForMessageAsync(message => message is WorkerLeaving, Deadline);
        Assert.Equal("it cannot open the dataset: DT7777: the manifest is damaged", leaving.Reason);
        await AwaitConditionAsync(() => Task.FromResult(_happened.LastOrDefault() is DatasetFailed failed && failed.Problem == problem), Deadline);
    }

    [Fact]
    public async Task One_that_is_dismissed_while_it_opens_joins_again_and_ignores_what_was_opened_for_before()
    {
        var openings = new ConcurrentQueue<TaskCompletionSource>();
        var worker = Start(new StubComputerSource(new StubComputer(), _ =>
        {
            openings.Enqueue(new TaskCompletionSource());
            return openings.Last().Task;
        }));
        Admit(worker, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        worker.Tell(new WorkerDismissed(Run, Term.First, Id, "silent"), _coordinator);
        Admit(worker, await JoiningAsync(_ => true));
        await AwaitConditionAsync(() => Task.FromResult(openings.Count == 2), Deadline);
        openings.First().SetResult();
        openings.Last().SetResult();
        Assert.Equal("f1", (await JoiningAsync(joining => joining.DatasetFingerprint is not null)).DatasetFingerprint);
        Lease(worker);
        await _coordinator.FishForMessageAsync(message => message is ContributionComputed, Deadline);
    }

    [Fact]
    public async Task The_end_of_the_run_is_told_also_while_it_opens()
    {
        var worker = Start(new StubComputerSource(new StubComputer(), _ => new TaskCompletionSource().Task));
        Admit(worker, await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline));
        worker.Tell(new RunEnded(Run, Term.First), _coordinator);
        await AwaitConditionAsync(() => Task.FromResult(_happened.LastOrDefault() == new RunOver(Run)), Deadline);
    }

    void IWorkerObserver.Happened(WorkerEvent happened) => _happened.Enqueue(happened);

    protected override void AfterAll()
    {
        base.AfterAll();
        _threads.Dispose();
    }

    async Task<WorkerJoining> JoiningAsync(Func<WorkerJoining, bool> isWanted) => (WorkerJoining)
        await _coordinator.FishForMessageAsync(message => message is WorkerJoining joining && isWanted(joining), Deadline);

    IActorRef Start(StubComputerSource computers, TimeSpan? openTimeout = null)
    {
        var setting = new WorkerSetting(Id, computers, _threads, "hash", TimeProvider.System)
        {
            BlockAddress = "http://here:1",
            Observer = this,
            OpenTimeout = openTimeout ?? TimeSpan.FromMinutes(1),
        };
        IActorRef coordinator = _coordinator;
        return Sys.ActorOf(Props.Create(() => new WorkerActor(setting, coordinator)));
    }

    void Admit(IActorRef worker, WorkerJoining joining) => worker.Tell(
        new WorkerAdmitted(Run, Term.First, Id, joining.Incarnation, Targets.Plain) { Dataset = Offer }, _coordinator);

    void Lease(IActorRef worker)
    {
        worker.Tell(new ParametersPublished(Run, Term.First, 0, new Parameters(new ModelShape(2, 1))), _coordinator);
        worker.Tell(
            new ComputeShards(
                Run, Term.First, new EvaluationId(1), 0, new EvaluationRequest(EvaluationKind.Gradient), ShardSet.UpTo(2), false),
            _coordinator);
    }
}

using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Learning;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;
using DistTrain.Worker.Cluster;
using DistTrain.Worker.Tests.Testing;
using Xunit.Abstractions;

namespace DistTrain.Worker.Tests.Cluster;

/// <summary>The gate between a worker and coordinators, all of them played by probes; numbers are fetched from a store of the test's own.</summary>
public sealed class CoordinatorGateTests : TestKit
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static readonly RunId Run = new("run");
    static readonly WorkerId Id = new("w");

    /// <summary>Whose parameters do not fit into a message.</summary>
    static readonly ModelShape Shape = new(3, 5_000);

    static readonly WorkerJoining Joining = new(Id, 1, ProtocolVersion.Current, "hash", 1);

    readonly ComputeThreads _encoder = new("encoder", 1);
    readonly RecordingObserver _happened = new();
    readonly BlockStore _store = new();
    readonly StoreClient _client;
    readonly BlockExchange _exchange;
    readonly TestProbe _worker;
    readonly TestProbe _first;
    readonly TestProbe _second;
    readonly IActorRef _gate;
    ModelShape? _shape = Shape;

    public CoordinatorGateTests(ITestOutputHelper output) : base("akka.loglevel = WARNING", output: output)
    {
        (_worker, _first, _second) = (CreateTestProbe("worker"), CreateTestProbe("first"), CreateTestProbe("second"));
        _client = new StoreClient(_store);
        _exchange = new BlockExchange(_store, _client, () => "http://here:1", new FetchBudget(FetchBudget.Standard));
        var setting = new CoordinatorGateSetting([_first, _second], _exchange, () => _shape, _encoder, _happened);
        _gate = Sys.ActorOf(Props.Create(() => new CoordinatorGate(setting)));
    }

    [Fact]
    public async Task It_asks_one_candidate_after_the_other_and_keeps_to_the_one_that_admits()
    {
        _gate.Tell(Joining, _worker);
        await _first.ExpectMsgAsync(Joining, Deadline);
        _gate.Tell(Joining, _worker);
        await _second.ExpectMsgAsync(Joining, Deadline);
        Admit(_second);
        await _worker.ExpectMsgAsync<WorkerAdmitted>(Deadline);
        _gate.Tell(Joining, _worker);
        await _second.ExpectMsgAsync(Joining, Deadline);
    }

    [Fact]
    public async Task Messages_keep_their_order_though_numbers_are_fetched_and_what_is_sent_again_is_not_fetched_again()
    {
        await AdmittedAsync();
        var open = new TaskCompletionSource();
        _client.Gate = open.Task;
        Offer(1);
        Lease(1, version: 1);
        Offer(1);
        Lease(1, version: 1);
        await AwaitConditionAsync(() => Task.FromResult(_client.FetchCount == 1), Deadline);
        await ExpectHeardAsync();
        open.SetResult();

        var published = await _worker.ExpectMsgAsync<ParametersPublished>(Deadline);
        Assert.Equal((1, 0.5), (published.Version, published.Parameters.Values[7]));
        await _worker.ExpectMsgAsync<ComputeShards>(Deadline);
        await _worker.ExpectMsgAsync<ComputeShards>(Deadline);
        Offer(1);
        Assert.Same(published, await _worker.ExpectMsgAsync<ParametersPublished>(Deadline));
        Assert.Equal(1, _client.FetchCount);
    }

    [Fact]
    public async Task The_end_of_an_evaluation_overtakes_a_fetch_and_takes_out_what_waits_behind_it()
    {
        await AdmittedAsync();
        _client.Gate = new TaskCompletionSource().Task;
        Offer(1);
        Lease(1, version: 1);
        Lease(2, version: 1);
        _gate.Tell(new EvaluationClosed(Run, Term.First, new EvaluationId(1)), _first);
        await _worker.ExpectMsgAsync<EvaluationClosed>(Deadline);
        _client.Gate = Task.CompletedTask;
        Offer(2);
        Assert.Equal(2, (await _worker.ExpectMsgAsync<ParametersPublished>(Deadline)).Version);
    }

    [Fact]
    public async Task Sums_are_offered_and_let_go_when_they_are_taken_or_nobody_can_want_them_any_more()
    {
        await AdmittedAsync();
        Answer(1);
        var taken = await _first.ExpectMsgAsync<ContributionOffered>(Deadline);
        Assert.Equal("http://here:1", Assert.Single(taken.Sums.Ticket!.Sources));
        _gate.Tell(new BlockTaken(taken.Sums.Ticket.Hash), _first);
        await AwaitConditionAsync(() => Task.FromResult(_store.Count == 0), Deadline);

        Answer(2);
        await _first.ExpectMsgAsync<ContributionOffered>(Deadline);
        Lease(3, version: 1);
        await AwaitConditionAsync(() => Task.FromResult(_store.Count == 0), Deadline);

        Answer(3);
        await _first.ExpectMsgAsync<ContributionOffered>(Deadline);
        _gate.Tell(new EvaluationClosed(Run, Term.First, new EvaluationId(3)), _first);
        await AwaitConditionAsync(() => Task.FromResult(_store.Count == 0), Deadline);

        Answer(4);
        await _first.ExpectMsgAsync<ContributionOffered>(Deadline);
        _gate.Tell(new WorkerDismissed(Run, Term.First, Id, "silent"), _first);
        await AwaitConditionAsync(() => Task.FromResult(_store.Count == 0), Deadline);
    }

    [Fact]
    public async Task Nobody_but_the_one_that_admitted_is_obeyed_and_its_word_alone_is_a_sign_of_life()
    {
        await AdmittedAsync();
        var heard = _happened.Count();
        _gate.Tell(new TermAlive(Run, new Term(9)), _second);
        _gate.Tell(new RunEnded(Run, Term.First), _second);
        _gate.Tell(new WorkerRefused(Run, Term.First, Id, "other"), _second);
        _gate.Tell(new EvaluationClosed(Run, Term.First, new EvaluationId(1)), _second);
        Lease(1, version: 0, from: _second);
        _gate.Tell(new Identify("all heard"), TestActor);
        await ExpectMsgAsync<ActorIdentity>(Deadline);
        Assert.Equal(heard, _happened.Count());

        Lease(2, version: 0);
        Assert.Equal(2, (await _worker.ExpectMsgAsync<ComputeShards>(Deadline)).Evaluation.Number);
        _gate.Tell(new TermAlive(Run, Term.First), _first);
        await AwaitConditionAsync(() => Task.FromResult(_happened.Count() == heard + 2), Deadline);
    }

    [Fact]
    public async Task A_later_reign_takes_over_and_an_earlier_one_does_not_come_back()
    {
        await AdmittedAsync();
        _gate.Tell(AdmissionOf(new Term(2)), _second);
        Assert.Equal(2, (await _worker.ExpectMsgAsync<WorkerAdmitted>(Deadline)).Term.Number);
        _gate.Tell(AdmissionOf(Term.First), _first);
        _gate.Tell(new ComputeFailed(Run, new Term(2), new EvaluationId(1), Id, ShardSet.UpTo(1), "torn"), _worker);
        await _second.FishForMessageAsync(message => message is ComputeFailed, Deadline);
        await _worker.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task When_the_other_side_has_ended_the_worker_is_told_to_join_again()
    {
        await AdmittedAsync();
        Sys.Stop(_first);
        var dismissed = await _worker.ExpectMsgAsync<WorkerDismissed>(Deadline);
        Assert.Equal((Run, Term.First, Id), (dismissed.Run, dismissed.Term, dismissed.Worker));
        _gate.Tell(Joining, _worker);
        await _second.FishForMessageAsync(message => message is WorkerJoining, Deadline);
    }

    [Fact]
    public async Task Parameters_that_come_before_the_dataset_is_open_are_not_fetched()
    {
        await AdmittedAsync();
        _shape = null;
        Offer(1);
        await _first.FishForMessageAsync(message => message is BlockTaken, Deadline);
        _shape = Shape;
        Offer(1);
        Assert.Equal(1, (await _worker.ExpectMsgAsync<ParametersPublished>(Deadline)).Version);
        Assert.Equal(1, _client.FetchCount);
    }

    [Fact]
    public async Task Parameters_without_numbers_are_read_by_feature_when_they_are_needed()
    {
        await AdmittedAsync();
        _gate.Tell(new ParametersOffered(Run, Term.First, 4, null), _first);
        var published = await _worker.ExpectMsgAsync<ParametersPublished>(Deadline);
        Assert.Throws<BlockFetchException>(() => published.Parameters.Read([0], new double[3])); // No source is named here.
    }

    [Fact]
    public async Task An_admission_too_large_for_a_message_is_fetched_from_one_who_is_not_known_yet()
    {
        _gate.Tell(Joining, _worker);
        await _first.ExpectMsgAsync(Joining, Deadline);
        var weights = Enumerable.Range(0, 20_000).Select(_ => 1.0);
        var large = AdmissionOf(Term.First) with { Targets = new Targets(0, [.. weights]) };
        var fitting = Assert.IsType<MessageOffered>(_exchange.Fitting(large));
        _gate.Tell(fitting, _first);
        Assert.Equal(20_000, (await _worker.ExpectMsgAsync<WorkerAdmitted>(Deadline)).Targets.ClassWeights.Length);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _encoder.Dispose();
        _store.Dispose();
    }

    async Task AdmittedAsync()
    {
        _gate.Tell(Joining, _worker);
        await _first.ExpectMsgAsync(Joining, Deadline);
        Admit(_first);
        await _worker.ExpectMsgAsync<WorkerAdmitted>(Deadline);
    }

    async Task ExpectHeardAsync()
    {
        _gate.Tell(new Identify("all heard"), TestActor);
        await ExpectMsgAsync<ActorIdentity>(Deadline);
    }

    void Admit(IActorRef coordinator) => _gate.Tell(AdmissionOf(Term.First), coordinator);

    static WorkerAdmitted AdmissionOf(Term term) => new(Run, term, Id, 1, Targets.Plain);

    void Offer(long version)
    {
        var parameters = new Parameters(Shape);
        parameters.Values[7] = 0.5;
        parameters.Values[8] = version;
        _gate.Tell(
            new ParametersOffered(Run, Term.First, version, _exchange.Offer(ParametersBlock.Encode(parameters), int.MaxValue)), _first);
    }

    void Lease(long evaluation, long version, IActorRef? from = null) => _gate.Tell(
        new ComputeShards(
            Run, Term.First, new EvaluationId(evaluation), version, new EvaluationRequest(EvaluationKind.Gradient), ShardSet.UpTo(1), false),
        from ?? _first);

    void Answer(long evaluation)
    {
        var sums = new EvaluationSums(Shape, EvaluationKind.Gradient) { RowCount = evaluation };
        _gate.Tell(
            new ContributionComputed(Run, Term.First, new EvaluationId(evaluation), Id, new Contribution(ShardSet.UpTo(1), sums)), _worker);
    }
}

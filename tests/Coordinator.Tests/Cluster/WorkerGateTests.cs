using Akka.Actor;
using Akka.TestKit;
using DistTrain.Coordinator.Cluster;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>What stands for a worker of another process, between two probes.</summary>
public sealed class WorkerGateTests : ActorTests
{
    static readonly (RunId Run, Term Term) Reign = (new RunId("run"), new Term(3));

    /// <summary>Of which the numbers are too many for a message.</summary>
    static readonly ModelShape Large = new(3, 20_000);

    static readonly ModelShape Small = new(3, 4);

    readonly BlockStore _store = new();
    readonly StoreClient _client;
    readonly ComputeThreads _encoder = new("encoder", 1);
    readonly PublishedWeights _weights = new();
    readonly TestProbe _training;
    readonly TestProbe _worker;

    public WorkerGateTests(ITestOutputHelper output) : base(output)
    {
        _client = new StoreClient(_store);
        (_training, _worker) = (CreateTestProbe(), CreateTestProbe());
        _worker.IgnoreMessages(message => message is TermAlive);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Parameters_come_before_the_lease_that_needs_them_by_ticket_where_they_are_many(bool isLarge)
    {
        var shape = isLarge ? Large : Small;
        var gate = StartGate(shape);
        var parameters = Numbers(shape);
        gate.Tell(new ParametersPublished(Reign.Run, Reign.Term, 7, parameters), _training);
        gate.Tell(Lease(evaluation: 5, version: 7), _training);

        var offered = await _worker.ExpectMsgAsync<ParametersOffered>(Deadline);
        Assert.Equal(isLarge, offered.Numbers!.Value.Ticket is not null);
        Assert.Equal(parameters.Values, (await TakeAsync(offered, shape)).Values);
        Assert.Equal(new EvaluationId(5), (await _worker.ExpectMsgAsync<ComputeShards>(Deadline)).Evaluation);
    }

    [Fact]
    public async Task A_version_is_encoded_once_for_all_workers()
    {
        var shelf = Shelf();
        var parameters = Numbers(Large);
        foreach (var worker in new[] { _worker, CreateTestProbe() })
        {
            var gate = StartGate(Large, shelf, worker);
            gate.Tell(new ParametersPublished(Reign.Run, Reign.Term, 7, parameters), _training);
            await worker.FishForMessageAsync<ParametersOffered>(_ => true, Deadline);
        }
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public async Task An_old_version_is_let_go_when_two_newer_ones_are_there()
    {
        var gate = StartGate(Large);
        var hashes = new List<string>();
        for (var version = 1; version <= 3; version++)
        {
            gate.Tell(new ParametersPublished(Reign.Run, Reign.Term, version, Numbers(Large, seed: version)), _training);
            hashes.Add((await _worker.ExpectMsgAsync<ParametersOffered>(Deadline)).Numbers!.Value.Ticket!.Hash);
        }
        Assert.Equal([false, true, true], hashes.Select(hash => _store.TryFind(hash, out _)));
    }

    [Fact]
    public async Task Weights_that_are_asked_for_by_feature_are_offered_without_numbers()
    {
        var source = new Parameters(Small, new ParametersSource(Numbers(Small)));
        StartGate(Small).Tell(new ParametersPublished(Reign.Run, Reign.Term, 7, source), _training);

        Assert.Null((await _worker.ExpectMsgAsync<ParametersOffered>(Deadline)).Numbers);
        var weights = new double[Small.ClassCount];
        Assert.True(_weights.TryRead(Reign.Run, Reign.Term, 7, [2], weights));
        Assert.False(_weights.TryRead(Reign.Run, Reign.Term, 8, [2], weights));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Sums_reach_the_run_as_they_were_and_their_maker_learns_that_they_are_taken(bool isLarge)
    {
        var shape = isLarge ? Large : Small;
        var gate = StartGate(shape);
        var sums = Sums(shape);
        gate.Tell(Offer(sums, evaluation: 5), _worker);

        var computed = await _training.ExpectMsgAsync<ContributionComputed>(Deadline);
        Assert.Equal(gate, _training.LastSender);
        Assert.Equal(sums.Gradient, computed.Contribution.Sums.Gradient);
        Assert.Equal(ShardSet.Of(new ShardId(1)), computed.Contribution.Shards);
        if (!isLarge) return;
        Assert.Equal(SumsBlock.Encode(sums).Hash, (await _worker.ExpectMsgAsync<BlockTaken>(Deadline)).Hash);
    }

    [Fact]
    public async Task What_is_said_after_sums_waits_until_they_are_here()
    {
        var arriving = new TaskCompletionSource();
        _client.Gate = arriving.Task;
        var gate = StartGate(Large);
        gate.Tell(Offer(Sums(Large), evaluation: 5), _worker);
        gate.Tell(new ParametersMissing(Reign.Run, Reign.Term, new EvaluationId(5), new WorkerId("w"), 7), _worker);
        await _training.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));

        arriving.SetResult();
        await _training.ExpectMsgAsync<ContributionComputed>(Deadline);
        await _training.ExpectMsgAsync<ParametersMissing>(Deadline);
    }

    [Fact]
    public async Task Sums_that_nobody_waits_for_any_more_are_not_fetched_to_the_end()
    {
        _client.Gate = new TaskCompletionSource().Task;
        var gate = StartGate(Large);
        gate.Tell(Offer(Sums(Large), evaluation: 5), _worker);
        gate.Tell(new EvaluationClosed(Reign.Run, Reign.Term, new EvaluationId(5)), _training);

        await _worker.FishForMessageAsync<BlockTaken>(_ => true, Deadline);
        gate.Tell(new ParametersMissing(Reign.Run, Reign.Term, new EvaluationId(6), new WorkerId("w"), 7), _worker);
        await _training.ExpectMsgAsync<ParametersMissing>(Deadline);
    }

    [Fact]
    public async Task Sums_of_an_older_evaluation_or_reign_are_freed_and_not_fetched()
    {
        var gate = StartGate(Large);
        gate.Tell(Lease(evaluation: 6, version: 7), _training);
        await _worker.ExpectMsgAsync<ComputeShards>(Deadline);

        gate.Tell(Offer(Sums(Large), evaluation: 5), _worker);
        await _worker.ExpectMsgAsync<BlockTaken>(Deadline);
        gate.Tell(Offer(Sums(Large), evaluation: 6) with { Term = new Term(2) }, _worker);
        await _worker.ExpectMsgAsync<BlockTaken>(Deadline);
        Assert.Equal(0, _client.FetchCount);
    }

    [Fact]
    public async Task Sums_that_cannot_be_fetched_are_lost_and_what_follows_passes()
    {
        var gate = StartGate(Large);
        var offered = Offer(Sums(Large), evaluation: 5);
        _store.Withdraw(offered.Sums.Ticket!.Hash);
        gate.Tell(offered, _worker);
        gate.Tell(new ParametersMissing(Reign.Run, Reign.Term, new EvaluationId(5), new WorkerId("w"), 7), _worker);

        await _training.ExpectMsgAsync<ParametersMissing>(Deadline);
        Assert.Equal(offered.Sums.Ticket.Hash, (await _worker.ExpectMsgAsync<BlockTaken>(Deadline)).Hash);
    }

    [Fact]
    public async Task A_closed_evaluation_overtakes_and_its_lease_is_not_sent()
    {
        var hold = new TaskCompletionSource<bool>();
        var held = _encoder.Run(stopping => hold.Task.Wait((int)Deadline.TotalMilliseconds, stopping));
        var gate = StartGate(Large);
        gate.Tell(new ParametersPublished(Reign.Run, Reign.Term, 7, Numbers(Large)), _training);
        gate.Tell(Lease(evaluation: 5, version: 7), _training);
        gate.Tell(new EvaluationClosed(Reign.Run, Reign.Term, new EvaluationId(5)), _training);

        await _worker.ExpectMsgAsync<EvaluationClosed>(Deadline);
        hold.SetResult(true);
        await held;
        await _worker.ExpectMsgAsync<ParametersOffered>(Deadline);
        gate.Tell(Lease(evaluation: 6, version: 7), _training);
        Assert.Equal(new EvaluationId(6), (await _worker.ExpectMsgAsync<ComputeShards>(Deadline)).Evaluation);
    }

    [Fact]
    public async Task A_lease_that_no_frame_holds_is_offered_as_bytes()
    {
        var lease = Lease(evaluation: 5, version: 7) with { Shards = ShardSet.Of(Enumerable.Range(0, 300_000).Select(i => new ShardId(i * 3))) };
        StartGate(Small).Tell(lease, _training);
        var exchange = Exchange();
        var unwrapped = await exchange.TakeAsync(await _worker.ExpectMsgAsync<MessageOffered>(Deadline), default);
        Assert.Equal(lease.Shards, Assert.IsType<ComputeShards>(unwrapped).Shards);
    }

    [Fact]
    public async Task A_worker_hears_that_the_reign_goes_on_until_it_has_ended()
    {
        var worker = CreateTestProbe();
        var gate = StartGate(Small, worker: worker, beat: TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 3; i++) Assert.Equal(Reign.Term, (await worker.ExpectMsgAsync<TermAlive>(Deadline)).Term);

        gate.Tell(new RunEnded(Reign.Run, Reign.Term), _training);
        await worker.FishForMessageAsync(message => message is RunEnded, Deadline);
        await worker.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public async Task A_worker_hears_of_the_end_only_when_workers_may_go()
    {
        var (worker, result) = (CreateTestProbe(), new TaskCompletionSource());
        var gate = StartGate(Small, worker: worker, beat: TimeSpan.FromMilliseconds(10), mayGo: result.Task);

        gate.Tell(new RunEnded(Reign.Run, Reign.Term), _training);
        for (var i = 0; i < 5; i++) await worker.ExpectMsgAsync<TermAlive>(Deadline);
        result.SetResult();

        await worker.FishForMessageAsync(message => message is RunEnded, Deadline);
    }

    [Fact]
    public async Task A_gate_that_ends_lets_a_worker_that_lives_know()
    {
        var gate = StartGate(Small);
        gate.Tell(new WorkerJoining(new WorkerId("w"), 1, ProtocolVersion.Current, "hash", 1), _worker);
        await _training.ExpectMsgAsync<WorkerJoining>(Deadline);
        Sys.Stop(gate);
        var dismissed = await _worker.FishForMessageAsync<WorkerDismissed>(_ => true, Deadline);
        Assert.Equal((Reign.Run, Reign.Term, new WorkerId("w")), (dismissed.Run, dismissed.Term, dismissed.Worker));
        Assert.Equal(gate, _worker.Sender);
    }

    [Fact]
    public async Task A_gate_ends_with_its_worker()
    {
        var gate = StartGate(Small);
        await _training.WatchAsync(gate);
        Sys.Stop(_worker);
        await _training.ExpectTerminatedAsync(gate, Deadline);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _encoder.Dispose();
        _store.Dispose();
    }

    BlockExchange Exchange() => new(_store, _client, () => "http://127.0.0.1:1", new FetchBudget(FetchBudget.Standard));

    ParametersShelf Shelf() => new(Exchange(), _encoder, _weights);

    IActorRef StartGate(ModelShape shape, ParametersShelf? shelf = null, TestProbe? worker = null, TimeSpan? beat = null, Task? mayGo = null)
    {
        var peers = new ParametersPeers(fanOut: 16, TimeProvider.System);
        var setting = new GateSetting(Reign.Run, Reign.Term, shape, Exchange(), shelf ?? Shelf(), peers, beat ?? TimeSpan.FromMinutes(1))
        {
            WorkersMayGo = mayGo ?? Task.CompletedTask,
        };
        var (training, peer) = (_training.Ref, (worker ?? _worker).Ref);
        return Sys.ActorOf(Props.Create(() => new WorkerGate(training, peer, setting)));
    }

    ContributionOffered Offer(EvaluationSums sums, long evaluation) => new(
        Reign.Run, Reign.Term, new EvaluationId(evaluation), new WorkerId("w"), sums.Kind, ShardSet.Of(new ShardId(1)),
        Exchange().Offer(SumsBlock.Encode(sums)));

    Task<Parameters> TakeAsync(ParametersOffered offered, ModelShape shape) => Exchange().TakeAsync(
        offered.Numbers!.Value, (length, fill, stop) => ParametersBlock.ReadAsync(length, fill, shape, stop), default);

    static ComputeShards Lease(long evaluation, long version) => new(
        Reign.Run, Reign.Term, new EvaluationId(evaluation), version, new EvaluationRequest(EvaluationKind.Gradient), ShardSet.UpTo(3), false);

    static Parameters Numbers(ModelShape shape, int seed = 1)
    {
        var random = new Random(seed);
        return new Parameters(shape, [.. Enumerable.Range(0, shape.ParameterCount).Select(_ => (double)random.NextSingle())]);
    }

    static EvaluationSums Sums(ModelShape shape)
    {
        var sums = new EvaluationSums(shape, EvaluationKind.Gradient) { Loss = 5, RowCount = 7 };
        for (var i = 0; i < sums.Gradient.Length; i++) sums.Gradient[i] = i * 31L - 5;
        return sums;
    }

    sealed class ParametersSource(Parameters numbers) : IWeightSource
    {
        public void Read(ReadOnlySpan<int> features, Span<double> weights) => numbers.Read(features, weights);
    }
}

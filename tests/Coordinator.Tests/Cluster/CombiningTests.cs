using Akka.Actor;
using Akka.TestKit;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Membership;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;
using DistTrain.Worker;
using DistTrain.Worker.Cluster;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>Gates of workers that add up answers for others, or have others do it, between probes.</summary>
public sealed class CombiningTests : ActorTests
{
    static readonly (RunId Run, Term Term) Reign = (new RunId("run"), new Term(3));
    static readonly EvaluationId Evaluation = new(5);

    /// <summary>Of which the sums are too many for a message.</summary>
    static readonly ModelShape Large = new(3, 20_000);

    readonly BlockStore _store = new();
    readonly BlockExchange _exchange;
    readonly ComputeThreads _encoder = new("encoder", 1);
    readonly TestProbe _coordinator;
    readonly TestProbe _worker;
    readonly TestProbe _other;

    public CombiningTests(ITestOutputHelper output) : base(output)
    {
        _exchange = new BlockExchange(
            _store, new StoreClient(_store), () => "http://127.0.0.1:1", new FetchBudget(FetchBudget.Standard));
        (_coordinator, _worker, _other) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public async Task A_combiner_sends_one_answer_for_its_group_and_tells_members_when_that_is_taken()
    {
        var gate = await CombinerAsync(memberCount: 2);

        gate.Tell(Computed("w", 1, 0, 1), _worker);
        var offered = Offered("other", 10, 2);
        gate.Tell(offered, _other);

        var sum = await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline);
        Assert.Equal(new WorkerId("w"), sum.Worker);
        Assert.Equal(Shards(0, 1, 2), sum.Shards);
        Assert.Equal([new(new("other"), Shards(2)), new(new("w"), Shards(0, 1))], sum.Parts.ToArray());
        Assert.All((await TakeAsync(sum)).Gradient, number => Assert.Equal(11, number));

        gate.Tell(new BlockTaken(sum.Sums.Ticket!.Hash), _coordinator);
        Assert.Equal(offered.Sums.Ticket!.Hash, (await _other.ExpectMsgAsync<BlockTaken>(Deadline)).Hash);
    }

    [Fact]
    public async Task A_combiner_does_not_wait_long_for_the_rest_of_its_group()
    {
        var gate = await CombinerAsync(memberCount: 3);

        gate.Tell(Computed("w", 1, 0, 1), _worker);
        Assert.Equal(Shards(0, 1), (await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline)).Shards);

        gate.Tell(Offered("other", 10, 2), _other);
        Assert.Equal(Shards(2), (await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline)).Shards);
    }

    [Fact]
    public async Task What_overlaps_with_the_sum_stays_out_of_it()
    {
        var gate = await CombinerAsync(memberCount: 2);

        gate.Tell(Offered("third", 100, 0), _other);
        gate.Tell(Offered("other", 10, 0, 2), _other);
        gate.Tell(Computed("w", 1, 1), _worker);

        var sum = await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline);
        Assert.Equal(Shards(0, 1), sum.Shards);
        Assert.All((await TakeAsync(sum)).Gradient, number => Assert.Equal(101, number));
    }

    [Fact]
    public async Task What_is_asked_shard_by_shard_goes_to_the_coordinator_at_once()
    {
        var gate = await CombinerAsync(memberCount: 2);
        gate.Tell(Lease(uncombined: true, 4), _coordinator);
        await _worker.ExpectMsgAsync<ComputeShards>(Deadline);

        gate.Tell(Computed("w", 1, 4), _worker);

        var answer = await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline);
        Assert.Equal((Shards(4), 0), (answer.Shards, answer.Parts.Length));
    }

    [Fact]
    public async Task A_member_answers_its_combiner_and_is_done_when_that_is_taken()
    {
        var gate = await MemberAsync();

        gate.Tell(Computed("w", 1, 0, 1), _worker);

        var offered = await _other.ExpectMsgAsync<ContributionOffered>(Deadline);
        Assert.Equal(gate, _other.Sender);
        gate.Tell(new BlockTaken(offered.Sums.Ticket!.Hash), _other);
        await AwaitConditionAsync(() => Task.FromResult(_store.Count == 0), Deadline);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_member_whose_combiner_is_silent_answers_the_coordinator()
    {
        var gate = await MemberAsync();

        gate.Tell(Computed("w", 1, 0, 1), _worker);

        var offered = await _other.ExpectMsgAsync<ContributionOffered>(Deadline);
        Assert.Equal(offered, await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline));
        await TakeAsync(offered);

        gate.Tell(Computed("w", 2, 3), _worker);
        Assert.Equal(Shards(3), (await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline)).Shards);
        await _other.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_member_that_gets_another_combiner_answers_the_coordinator_at_once()
    {
        var gate = await MemberAsync();
        gate.Tell(Computed("w", 1, 0, 1), _worker);
        var offered = await _other.ExpectMsgAsync<ContributionOffered>(Deadline);

        gate.Tell(new CombiningAssigned(Reign.Run, Reign.Term, null, 0), _coordinator);

        Assert.Equal(offered, await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline));
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_not_answered()
    {
        var gate = await MemberAsync();
        gate.Tell(Computed("w", 1, 0, 1), _worker);
        await _other.ExpectMsgAsync<ContributionOffered>(Deadline);

        gate.Tell(new EvaluationClosed(Reign.Run, Reign.Term, Evaluation), _coordinator);

        await _worker.ExpectMsgAsync<EvaluationClosed>(Deadline);
        await _coordinator.ExpectNoMsgAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(0, _store.Count);
    }

    [Theory, InlineData("nonsense"), InlineData("akka.tcp://disttrain@127.0.0.1:1/user/nobody")]
    public async Task A_combiner_that_is_nowhere_costs_time_alone(string path)
    {
        var gate = await GateAsync();
        gate.Tell(new CombiningAssigned(Reign.Run, Reign.Term, path, 0), _coordinator);

        gate.Tell(Computed("w", 1, 0, 1), _worker);

        Assert.Equal(Shards(0, 1), (await _coordinator.ExpectMsgAsync<ContributionOffered>(Deadline)).Shards);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _encoder.Dispose();
        _store.Dispose();
    }

    async Task<IActorRef> CombinerAsync(int memberCount)
    {
        var gate = await GateAsync();
        gate.Tell(new CombiningAssigned(Reign.Run, Reign.Term, null, memberCount), _coordinator);
        return gate;
    }

    async Task<IActorRef> MemberAsync()
    {
        var gate = await GateAsync();
        gate.Tell(new CombiningAssigned(Reign.Run, Reign.Term, Akka.Serialization.Serialization.SerializedActorPath(_other.Ref), 0), _coordinator);
        return gate;
    }

    /// <summary>A gate whose worker is admitted and has a lease.</summary>
    async Task<IActorRef> GateAsync()
    {
        var setting = new CoordinatorGateSetting([_coordinator.Ref], _exchange, () => Large, _encoder, Deaf.Instance);
        var gate = Sys.ActorOf(Props.Create(() => new CoordinatorGate(setting)));
        gate.Tell(new WorkerJoining(new WorkerId("w"), 1, ProtocolVersion.Current, "hash", 1), _worker);
        await _coordinator.ExpectMsgAsync<WorkerJoining>(Deadline);
        gate.Tell(new WorkerAdmitted(Reign.Run, Reign.Term, new WorkerId("w"), 1, Targets.Plain), _coordinator);
        await _worker.ExpectMsgAsync<WorkerAdmitted>(Deadline);
        gate.Tell(Lease(uncombined: false, 0, 1), _coordinator);
        await _worker.ExpectMsgAsync<ComputeShards>(Deadline);
        return gate;
    }

    static ComputeShards Lease(bool uncombined, params int[] shards) => new(
        Reign.Run, Reign.Term, Evaluation, 7, new EvaluationRequest(EvaluationKind.Gradient), Shards(shards), uncombined);

    static ContributionComputed Computed(string worker, long number, params int[] shards)
    {
        var sums = new EvaluationSums(Large, EvaluationKind.Gradient) { RowCount = shards[0] + 1 };
        Array.Fill(sums.Gradient, number);
        return new(Reign.Run, Reign.Term, Evaluation, new WorkerId(worker), new Contribution(Shards(shards), sums));
    }

    ContributionOffered Offered(string worker, long number, params int[] shards)
    {
        var (set, sums) = Computed(worker, number, shards).Contribution;
        return new(
            Reign.Run, Reign.Term, Evaluation, new WorkerId(worker), EvaluationKind.Gradient, set, _exchange.Offer(SumsBlock.Encode(sums)));
    }

    Task<EvaluationSums> TakeAsync(ContributionOffered offered) => _exchange.TakeAsync(
        offered.Sums, (length, fill, stop) => SumsBlock.ReadAsync(length, fill, Large, EvaluationKind.Gradient, stop), default);

    static ShardSet Shards(params int[] indexes) => ShardSet.Of(indexes.Select(index => new ShardId(index)));

    sealed class Deaf : IWorkerObserver
    {
        public static Deaf Instance { get; } = new();

        public void Happened(WorkerEvent happened)
        {
        }
    }
}

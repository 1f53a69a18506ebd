using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Membership;
using DistTrain.Node.Cluster;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using DistTrain.Worker.Lives;
using DistTrain.Worker.Shards;
using DistTrain.Worker.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Worker.Tests.Lives;

/// <summary>
/// The whole process of a worker against a coordinator's side that a test plays: two actor systems and two data planes that talk over
/// sockets.
/// </summary>
public sealed class WorkerOverSocketsTests : IAsyncLifetime, IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);
    static readonly RunId Run = new("run");
    static readonly int[] ShardRows = [30, 12];
    static readonly PlainProblem Problem = PlainProblem.Random(seed: 11, rowCount: 42, featureCount: 3, classCount: 3);
    static readonly DatasetOffer Offer = new("f1", "m1", "/somewhere", []);
    static readonly EvaluationRequest Gradient = new(EvaluationKind.Gradient);

    /// <summary>Impatient, so that the tests are quick; silence is not, where a test does not want it.</summary>
    static readonly ClusterTimings Timings = new()
    {
        HeartbeatInterval = TimeSpan.FromSeconds(0.3),
        SeedTimeout = TimeSpan.FromSeconds(0.5),
        TermSilence = TimeSpan.FromMinutes(1),
    };

    readonly PlayedCoordinator _coordinator = new(Timings);
    readonly List<IHost> _hosts = [];
    readonly CancellationTokenSource _stop = new();
    readonly RecordingObserver _log = new();

    [Fact]
    public async Task It_joins_computes_with_numbers_of_any_size_and_ends_with_the_run()
    {
        var process = await StartAsync();
        var worker = await _coordinator.AdmitAsync(Run, new Term(1), Offer);
        var parameters = new Parameters(ModelShape.Of(Problem.Manifest(null, ShardRows)));
        parameters.Weights.Fill(0.25);

        worker.Tell(new ParametersOffered(Run, new Term(1), 7, _coordinator.Exchange.Offer(ParametersBlock.Encode(parameters))), _coordinator.Probe);
        worker.Tell(new ComputeShards(Run, new Term(1), new EvaluationId(1), 7, Gradient, ShardSet.UpTo(2), false), _coordinator.Probe);
        var answer = await _coordinator.ExpectAsync<ContributionOffered>();
        var sums = await _coordinator.Exchange.TakeAsync(
            answer.Sums, (length, fill, end) => SumsBlock.ReadAsync(length, fill, parameters.Shape, answer.Kind, end), default);

        var expected = new EvaluationSums(parameters.Shape, EvaluationKind.Gradient);
        var computer = new StubOpener(Problem, ShardRows).ComputerOf(Targets.Plain);
        foreach (var shard in ShardSet.UpTo(2)) computer.Compute(Gradient, parameters, shard, expected);
        Assert.Equal((ShardSet.UpTo(2), expected.Loss), (answer.Shards, sums.Loss));
        Assert.Equal(expected.Gradient, sums.Gradient);

        worker.Tell(new RunEnded(Run, new Term(1)), _coordinator.Probe);
        Assert.Null(await process.WaitAsync(Deadline));
    }

    [Fact]
    public async Task In_the_silence_of_its_term_it_begins_anew_and_joins_again_as_the_same_worker_with_its_dataset()
    {
        await StartAsync(timings: Timings with { TermSilence = TimeSpan.FromSeconds(0.5) });
        await _coordinator.AdmitAsync(Run, new Term(1), Offer);
        var first = _coordinator.LastJoining!;

        var again = await _coordinator.ExpectAsync<WorkerJoining>(joining => joining.Incarnation != first.Incarnation);
        Assert.True(again.Incarnation > first.Incarnation);
        Assert.Equal((first.Worker, "f1"), (again.Worker, again.DatasetFingerprint));
        Assert.Contains(_log.OfType<SystemGivenUp>(), given => given.Reason.StartsWith("nothing was heard of a live term", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Removed_by_its_cluster_it_begins_anew_in_the_same_process()
    {
        await StartAsync();
        var worker = await _coordinator.AdmitAsync(Run, new Term(1), Offer);
        var first = _coordinator.LastJoining!;
        var cluster = Akka.Cluster.Cluster.Get(_coordinator.System);
        await _coordinator.UntilAsync(() => cluster.State.Members.Count == 2);
        cluster.Down(worker.Path.Address);

        var again = await _coordinator.ExpectAsync<WorkerJoining>(joining => joining.Incarnation != first.Incarnation);
        Assert.Equal(first.Worker, again.Worker);
        Assert.NotEmpty(_log.OfType<SystemGivenUp>());
    }

    [Fact]
    public async Task Told_to_stop_it_hands_its_leases_back()
    {
        var process = await StartAsync();
        await _coordinator.AdmitAsync(Run, new Term(1), Offer);
        await _stop.CancelAsync();
        var leaving = await _coordinator.ExpectAsync<WorkerLeaving>();
        Assert.Equal((_coordinator.LastJoining!.Worker, null), (leaving.Worker, leaving.Reason));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => process.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Refused_it_ends_with_the_reason()
    {
        var process = await StartAsync();
        var joining = await _coordinator.ExpectAsync<WorkerJoining>();
        _coordinator.Probe.Reply(new WorkerRefused(Run, new Term(1), joining.Worker, "it speaks protocol 1"));
        var problem = (await process.WaitAsync(Deadline))!;
        Assert.Equal(("DT3301", ExitCode.Configuration), (problem.Code, problem.ExitCode));
        Assert.Equal("the coordinator refuses this worker: it speaks protocol 1", problem.Message);
    }

    [Fact]
    public async Task Where_nobody_answers_it_asks_all_candidates_and_ends_after_the_time_allowed()
    {
        _coordinator.IsDoorOpen = false;
        var process = await StartAsync(joinTimeout: TimeSpan.FromSeconds(2), elsewhere: "127.0.0.1:1");
        var problem = (await process.WaitAsync(Deadline))!;
        Assert.Equal(("DT5010", ExitCode.Cluster), (problem.Code, problem.ExitCode));
        Assert.True(_coordinator.Knocks > 0);
    }

    [Fact]
    public async Task One_that_stays_waits_for_the_next_run_of_any_dataset()
    {
        await StartAsync(stay: true);
        var worker = await _coordinator.AdmitAsync(Run, new Term(1), Offer);
        worker.Tell(new RunEnded(Run, new Term(1)), _coordinator.Probe);

        var next = await _coordinator.ExpectAsync<WorkerJoining>(joining => joining.DatasetFingerprint is null);
        Assert.Equal(_coordinator.LastJoining!.Worker, next.Worker);
        await _coordinator.AdmitAsync(new RunId("next"), new Term(1), Offer with { Fingerprint = "f2" });
        Assert.Equal("f2", _coordinator.LastJoining!.DatasetFingerprint);
    }

    public Task InitializeAsync() => _coordinator.StartAsync();

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        await _coordinator.DisposeAsync();
    }

    public void Dispose() => _stop.Dispose();

    async Task<Task<Problem?>> StartAsync(
        ClusterTimings? timings = null, TimeSpan? joinTimeout = null, string? elsewhere = null, bool stay = false)
    {
        ImmutableArray<string> join = [_coordinator.Endpoint.ToString()];
        var options = new ClusterNodeOptions
        {
            Role = NodeRoles.Worker,
            Join = elsewhere is null ? join : [elsewhere, .. join],
            Threads = 1,
            Timings = timings ?? Timings,
            JoinTimeout = joinTimeout ?? Deadline,
            Stay = stay,
        };
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IDatasetOpener>(new StubOpener(Problem, ShardRows)).AddSingleton<IWorkerObserver>(_log);
        builder.Services.AddWorkerProcess(options);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host.Services.GetRequiredService<WorkerProcess>().RunAsync(_stop.Token);
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Cluster;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Formats.Checkpoints;
using DistTrain.Node;
using DistTrain.Node.Cluster;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>Two candidates with one run folder: when the one that conducts ends, the other goes on, to the same bits.</summary>
[Collection(nameof(ActorTests))]
public sealed class FailOverTests : IDisposable
{
    /// <summary>Enough steps for something to happen in the middle of them.</summary>
    static readonly ClusteredProblem Long = new(
        "dense,rows=3000,features=5,classes=3,seed=21", 6,
        new TrainingOptions { Optimizer = OptimizerKind.Gd, MaxSteps = 250, Tolerance = 1e-12 });

    readonly string _folder = Directory.CreateTempSubdirectory("fail-over-").FullName;
    readonly List<CheckpointStore> _stores = [];
    ImmutableArray<Term> _terms = [];

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_next_candidate_goes_on_where_the_one_before_was_killed_or_stopped(bool isKilled)
    {
        await using var cluster = new TestCluster(Long);
        var ports = FreePorts();
        ImmutableArray<string> join = [.. ports.Select(port => new NodeEndpoint("127.0.0.1", port).ToString())];
        var first = await cluster.StartCoordinatorAsync(ports[0], join, provider => Conduct(cluster, provider));
        var second = await cluster.StartCoordinatorAsync(ports[1], join, provider => Conduct(cluster, provider));
        await TestCluster.UpAsync(first, memberCount: 2);
        await cluster.StartWorkerAsync("worker-0", join);
        await cluster.StartWorkerAsync("worker-1", join);

        await cluster.Notices.WhenAsync(notice => notice is CheckpointSavedNotice { Step: >= 5 });
        await EndAsync(first, isKilled);

        var result = await TestCluster.ResultAsync(second);
        Assert.Equal(Long.ExpectedHash(), ClusteredProblem.HashOf(result));
        Assert.Equal([1L, 2L], _terms.Select(term => term.Number));
        Assert.Single(cluster.Notices.Of<RunFinishedNotice>());
    }

    [Fact]
    public async Task A_candidate_that_is_removed_while_it_waits_says_so()
    {
        await using var cluster = new TestCluster(Long);
        var ports = FreePorts();
        ImmutableArray<string> join = [.. ports.Select(port => new NodeEndpoint("127.0.0.1", port).ToString())];
        var first = await cluster.StartCoordinatorAsync(ports[0], join, provider => Conduct(cluster, provider));
        var second = await cluster.StartCoordinatorAsync(ports[1], join, provider => Conduct(cluster, provider));
        await TestCluster.UpAsync(first, memberCount: 2);

        var removed = NodeEndpoint.Of(TestCluster.SystemOf(second)).Address;
        Akka.Cluster.Cluster.Get(TestCluster.SystemOf(first)).Down(removed);
        var failure = await Assert.ThrowsAsync<DistTrainException>(() => TestCluster.ResultAsync(second));
        Assert.Equal("DT5003", failure.Problem.Code);
    }

    [Fact]
    public async Task A_candidate_that_finds_no_cluster_ends_by_name()
    {
        await using var cluster = new TestCluster(Long);
        var ports = FreePorts();
        ImmutableArray<string> join = [.. ports.Select(port => new NodeEndpoint("127.0.0.1", port).ToString())];
        var second = await cluster.StartCoordinatorAsync(ports[1], join, joinTimeout: TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<DistTrainException>(() => TestCluster.ResultAsync(second));
        Assert.Equal("DT5004", failure.Problem.Code);
    }

    public void Dispose()
    {
        foreach (var store in _stores) store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    async Task EndAsync(IHost coordinator, bool isKilled)
    {
        if (isKilled)
        {
            ((ExtendedActorSystem)TestCluster.SystemOf(coordinator)).Abort();
            return;
        }
        coordinator.Services.StopConducting(new Problem("DT1301", ExitCode.Interrupted, "stopped by a signal"));
        await Assert.ThrowsAsync<DistTrainException>(() => TestCluster.ResultAsync(coordinator));
        await coordinator.StopAsync().WaitAsync(TestCluster.Deadline);
    }

    /// <summary>What a coordinator does when its turn has come.</summary>
    ConductedRun Conduct(TestCluster cluster, IServiceProvider provider)
    {
        var (manifest, options) = (Long.Dataset.Manifest, Long.Training);
        var terms = new RunTerms(Disk.Instance, Path.Combine(_folder, "terms"));
        var term = terms.Take("a test");
        _terms = _terms.Add(term);
        var identity = new CheckpointIdentity("0", NodeArithmetic.Hash, manifest.Fingerprint, ImmutableSortedDictionary<string, string>.Empty);
        var checkpoints = new CheckpointFolder(Disk.Instance, Path.Combine(_folder, "checkpoints"), "checkpoints");
        var point = checkpoints.Load((file, shown) => Checkpoint.Resume(file, shown, identity, manifest, options), _ => { });
        var store = new CheckpointStore(checkpoints, terms, term, new(identity));
        _stores.Add(store);
        return cluster.Conduct(provider, term, point?.First ?? Long.Start(), point?.Step ?? 0, store);
    }

    static ImmutableArray<int> FreePorts()
    {
        TcpListener[] listeners = [new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0)];
        foreach (var listener in listeners) listener.Start();
        ImmutableArray<int> ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}

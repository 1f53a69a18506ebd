using Akka.Actor;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Training;
using Microsoft.Extensions.Hosting;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>Nodes that talk over sockets reach the bits of one thread, whatever becomes of their messages.</summary>
[Collection(nameof(ActorTests))]
public class ClusterTrainingTests(ITestOutputHelper output)
{
    static readonly CoordinatorOptions Impatient = new()
    {
        MinWorkers = 2,
        JoinTimeout = TestCluster.Deadline,
        LeaseFirst = TimeSpan.FromSeconds(1),
        LeaseMin = TimeSpan.FromMilliseconds(200),
    };

    public static TheoryData<string, int> Problems => new()
    {
        { nameof(ClusteredProblem.Dense), 1 },
        { nameof(ClusteredProblem.Dense), 3 },
        { nameof(ClusteredProblem.Preferences), 2 },
        { nameof(ClusteredProblem.SparseBatches), 2 },
    };

    [Theory, MemberData(nameof(Problems))]
    public async Task A_cluster_reaches_the_bits_of_one_thread(string name, int workerCount)
    {
        var problem = Named(name);
        await using var cluster = new TestCluster(problem) { Options = new() { MinWorkers = workerCount, JoinTimeout = TestCluster.Deadline } };
        var coordinator = await cluster.StartCoordinatorAsync();
        for (var i = 0; i < workerCount; i++) await cluster.StartWorkerAsync($"worker-{i}", [TestCluster.EndpointOf(coordinator)]);

        var result = await TestCluster.ResultAsync(coordinator);
        Assert.Equal(problem.ExpectedHash(), ClusteredProblem.HashOf(result));
        Assert.Equal(workerCount, cluster.Notices.Of<WorkerJoinedNotice>().Length);
        Assert.Empty(cluster.Notices.Of<WorkerLostNotice>());
    }

    [Theory]
    [InlineData(nameof(ClusteredProblem.Dense), 1), InlineData(nameof(ClusteredProblem.Dense), 2)]
    [InlineData(nameof(ClusteredProblem.Preferences), 3), InlineData(nameof(ClusteredProblem.SparseBatches), 4)]
    public async Task Messages_that_are_dropped_doubled_delayed_and_reordered_change_no_bit(string name, int seed)
    {
        output.WriteLine($"seed {seed}");
        var problem = Named(name);
        await using var cluster = new TestCluster(problem) { Options = Impatient };
        var coordinator = await cluster.StartCoordinatorAsync();
        for (var i = 0; i < 3; i++) await StartFaultyWorkerAsync(cluster, coordinator, $"worker-{i}", seed * 100 + i);

        var result = await TestCluster.ResultAsync(coordinator);
        output.WriteLine($"refused {cluster.Notices.Of<ContributionRefusedNotice>().Length}, moved {cluster.Notices.Of<LeaseMovedNotice>().Length}");
        Assert.Equal(problem.ExpectedHash(), ClusteredProblem.HashOf(result));
        Assert.NotEmpty(cluster.Notices.Of<LeaseMovedNotice>());
    }

    /// <summary>Numbers large enough to be fetched: parameters go from worker to worker, sums are added up by some for others.</summary>
    [Theory, InlineData(1), InlineData(2)]
    public async Task More_workers_than_the_coordinator_serves_reach_the_same_bits(int fanOut)
    {
        const int WorkerCount = 5;
        var problem = ClusteredProblem.ManyFeatures;
        await using var cluster = new TestCluster(problem)
        {
            Options = new() { MinWorkers = WorkerCount, JoinTimeout = TestCluster.Deadline },
            FanOut = fanOut,
        };
        var coordinator = await cluster.StartCoordinatorAsync();
        for (var i = 0; i < WorkerCount; i++) await cluster.StartWorkerAsync($"worker-{i}", [TestCluster.EndpointOf(coordinator)]);

        var result = await TestCluster.ResultAsync(coordinator);
        Assert.Equal(problem.ExpectedHash(), ClusteredProblem.HashOf(result));
        Assert.Empty(cluster.Notices.Of<WorkerLostNotice>());
        Assert.Empty(cluster.Notices.Of<ContributionRefusedNotice>());
        var finished = cluster.Notices.Of<EvaluationFinishedNotice>();
        foreach (var one in finished) output.WriteLine($"{one.Kind} in {one.Elapsed.TotalSeconds} s, {one.AnswerCount} answers");
        Assert.Contains(finished, one => one.AnswerCount < one.Accepted.Length);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task A_worker_that_computes_one_bit_wrongly_is_named_and_the_bits_are_those_of_one_thread(int workerCount)
    {
        var problem = ClusteredProblem.Dense;
        await using var cluster = new TestCluster(problem)
        {
            Options = new() { MinWorkers = workerCount, JoinTimeout = TestCluster.Deadline, Audit = 1 },
        };
        var coordinator = await cluster.StartCoordinatorAsync();
        var found = cluster.Notices.WhenAsync(notice => notice is WorkerFaultyNotice);
        string[] join = [TestCluster.EndpointOf(coordinator)];
        for (var i = 0; i < workerCount; i++) await cluster.StartWorkerAsync($"worker-{i}", [.. join], wrongShard: i == 0 ? 0 : null);
        await found;
        if (workerCount == 1) await cluster.StartWorkerAsync("sound", [.. join]);

        Assert.Equal(problem.ExpectedHash(), ClusteredProblem.HashOf(await TestCluster.ResultAsync(coordinator)));
        var faulty = Assert.Single(cluster.Notices.Of<WorkerFaultyNotice>());
        Assert.Equal(("worker-0", 1, 0, null), (faulty.Worker, faulty.Evaluation, faulty.Shard, faulty.Unverified));
    }

    static async Task StartFaultyWorkerAsync(TestCluster cluster, IHost coordinator, string name, int seed)
    {
        var system = TestCluster.SystemOf(coordinator);
        var faults = new LinkFaults(seed, Dropped: 0.05, Twice: 0.1, Delayed: 0.2, TimeSpan.FromMilliseconds(150));
        var door = await system.ActorSelection("/user/door").ResolveOne(TestCluster.Deadline);
        system.ActorOf(Props.Create(() => new FaultyLink(door, faults)), $"link-{name}");
        await cluster.StartWorkerAsync(name, [TestCluster.EndpointOf(coordinator)], $"/user/link-{name}");
    }

    static ClusteredProblem Named(string name) => (ClusteredProblem)typeof(ClusteredProblem).GetProperty(name)!.GetValue(null)!;
}

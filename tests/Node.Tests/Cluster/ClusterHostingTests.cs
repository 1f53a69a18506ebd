using Akka.Actor;
using Akka.Cluster;
using DistTrain.Node.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Node.Tests.Cluster;

/// <summary>Hosts that are nodes of one cluster, in one process, at any free ports.</summary>
[Collection(nameof(GateLaneTests))]
public class ClusterHostingTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_lone_coordinator_forms_a_cluster_and_a_worker_joins_it()
    {
        using var coordinator = await StartAsync(new ClusterNodeOptions { Role = NodeRoles.Coordinator });
        var endpoint = NodeEndpoint.Of(SystemOf(coordinator));
        using var worker = await StartAsync(new ClusterNodeOptions { Role = NodeRoles.Worker, Join = [endpoint.ToString()] });

        foreach (var host in new[] { coordinator, worker }) await UpAsync(SystemOf(host), NodeRoles.Worker);
        await worker.StopAsync().WaitAsync(Deadline);
        await coordinator.StopAsync().WaitAsync(Deadline);
    }

    [Fact]
    public async Task What_an_actor_system_is_told_is_in_force()
    {
        using var host = await StartAsync(new ClusterNodeOptions { Role = NodeRoles.Coordinator });
        var settings = SystemOf(host).Settings.Config;

        Assert.Equal(TimeSpan.FromSeconds(1), settings.GetTimeSpan("akka.remote.retry-gate-closed-for"));
        Assert.Equal(TimeSpan.FromSeconds(5), settings.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause"));
        Assert.IsType<CandidateDowning>(Akka.Cluster.Cluster.Get(SystemOf(host)).DowningProvider);
        Assert.Equal(TimeSpan.FromSeconds(1), Akka.Cluster.Cluster.Get(SystemOf(host)).DowningProvider.DownRemovalMargin);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.GetTimeSpan("akka.actor.ask-timeout"));
        Assert.False(settings.GetBoolean("akka.coordinated-shutdown.exit-clr"));
        await host.StopAsync().WaitAsync(Deadline);
    }

    static async Task<IHost> StartAsync(ClusterNodeOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddClusterNode(options, (_, _) => { });
        var host = builder.Build();
        await host.StartAsync().WaitAsync(Deadline);
        return host;
    }

    static ActorSystem SystemOf(IHost host) => host.Services.GetRequiredService<ActorSystem>();

    static async Task UpAsync(ActorSystem system, string role)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new UpWatch(role, up)));
        await up.Task.WaitAsync(Deadline);
    }

    sealed class UpWatch : ReceiveActor
    {
        public UpWatch(string role, TaskCompletionSource up)
        {
            Akka.Cluster.Cluster.Get(Context.System).Subscribe(
                Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
            Receive<ClusterEvent.MemberUp>(member =>
            {
                if (member.Member.HasRole(role)) up.TrySetResult();
            });
        }
    }
}

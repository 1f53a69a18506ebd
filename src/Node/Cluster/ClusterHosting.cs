using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using DistTrain.Node.Hosting;
using DistTrain.Node.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace DistTrain.Node.Cluster;

/// <summary>Makes a host a node of a cluster.</summary>
public static class ClusterHosting
{
    /// <summary>
    /// Adds an actor system that listens as <paramref name="options"/> say, joins its cluster, lives and ends with the host and logs through it.
    /// </summary>
    /// <param name="options">Without problems.</param>
    /// <param name="configure">Adds the node's actors.</param>
    public static IServiceCollection AddClusterNode(
        this IServiceCollection services, ClusterNodeOptions options, Action<AkkaConfigurationBuilder, IServiceProvider> configure) =>
        services.AddNode((akka, provider) =>
        {
            akka.WithProtocolWire();
            akka.WithRemoting(new RemoteOptions { HostName = options.Bind, PublicHostName = options.Host, Port = options.Port });
            akka.WithClustering(new ClusterOptions { Roles = [options.Role], SeedNodes = [.. SeedsOf(options)] });
            akka.AddHocon(Settings(options.Timings), HoconAddMode.Prepend);
            if (options.Candidates.IsEmpty) akka.AddStartup((system, _) => FormAlone(system));
            configure(akka, provider);
        });

    /// <summary>A lone coordinator learns its port only by listening.</summary>
    static void FormAlone(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);
    }

    static IEnumerable<string> SeedsOf(ClusterNodeOptions options) => options.Candidates.Select(candidate => candidate.Address.ToString());

    static string Settings(ClusterTimings timings) => $$"""
        akka {
          remote {
            retry-gate-closed-for = 1s
            log-frame-size-exceeding = 100000b
            log-buffer-size-exceeding = 5000
          }
          cluster {
            gossip-interval = {{Text(timings.GossipInterval)}}
            leader-actions-interval = {{Text(timings.GossipInterval)}}
            unreachable-nodes-reaper-interval = {{Text(timings.GossipInterval)}}
            periodic-tasks-initial-delay = {{Text(timings.GossipInterval)}}
            seed-node-timeout = {{Text(timings.SeedTimeout)}}
            retry-unsuccessful-join-after = {{Text(timings.SeedTimeout)}}
            allow-weakly-up-members = off
            downing-provider-class = "{{typeof(CandidateDowning).AssemblyQualifiedName}}"
            failure-detector {
              heartbeat-interval = {{Text(timings.HeartbeatInterval)}}
              acceptable-heartbeat-pause = {{Text(timings.HeartbeatPause)}}
              threshold = 12.0
              # All by all: who decides that a member is gone must have listened to it itself.
              monitored-by-nr-of-members = 1000
            }
            singleton.hand-over-retry-interval = 500ms
            singleton-proxy {
              buffer-size = 100
              singleton-identification-interval = 300ms
            }
          }
          coordinated-shutdown.phases {
            before-service-unbind.timeout = 20s
            cluster-leave.timeout = 3s
            cluster-exiting.timeout = 5s
            cluster-exiting-done.timeout = 2s
          }
        }
        {{CandidateDowning.StableAfterKey}} = {{Text(timings.StableAfter)}}
        {{CandidateDowning.WorkerStableAfterKey}} = {{Text(timings.WorkerStableAfter)}}
        {{CandidateDowning.MarginKey}} = {{Text(timings.RemovalMargin)}}
        """;

    static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0}ms");
}

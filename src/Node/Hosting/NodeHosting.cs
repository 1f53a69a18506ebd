using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using DistTrain.Node.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DistTrain.Node.Hosting;

/// <summary>The actor system that coordinator and workers of a process share.</summary>
public static class NodeHosting
{
    const string Settings = """
        akka {
          loglevel = INFO
          stdout-logger-class = "DistTrain.Node.Hosting.SilentLogger, DistTrain.Node"
          log-dead-letters = 100
          log-dead-letters-during-shutdown = off
          actor {
            ask-timeout = 10s
            debug.unhandled = on
          }
          coordinated-shutdown.exit-clr = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <summary>What the host says otherwise. No message leaves the process, and Akka's serializer of any type would be made all the same.</summary>
    static readonly string LocalSettings = $$"""
        akka {
          loggers = ["{{NameOf(typeof(AkkaLog))}}"]
          actor.serializers.json = "{{NameOf(typeof(RefusingSerializer))}}"
        }
        """;

    /// <summary>Adds an actor system without sockets that lives and ends with the host and logs through it.</summary>
    /// <param name="configure">Adds the node's parts, the coordinator before the workers.</param>
    public static IServiceCollection AddNode(
        this IServiceCollection services, Action<AkkaConfigurationBuilder, IServiceProvider> configure) =>
        services.AddAkka(NodeNames.System, (akka, provider) =>
        {
            akka.AddHocon(Settings, HoconAddMode.Append);
            akka.AddSetup(new AkkaLog.Factory(provider.GetRequiredService<ILoggerFactory>()));
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLogger<AkkaLog>();
            });
            akka.AddSetup(Quiet);
            configure(akka, provider);
        });

    /// <summary>The same without a host, of which a run in one process uses nothing.</summary>
    /// <param name="logs">What it logs through; outlives it.</param>
    public static ActorSystem StartLocal(ILoggerFactory logs) => ActorSystem.Create(
        NodeNames.System,
        BootstrapSetup.Create()
            .WithConfig(ConfigurationFactory.ParseString(LocalSettings).WithFallback(ConfigurationFactory.ParseString(Settings)))
            .And(new AkkaLog.Factory(logs)));

    /// <summary>Akka says these again every second or two while a node that is asked is not there; what follows from it, we say.</summary>
    static LogFilterSetup Quiet => new LogFilterBuilder()
        .ExcludeMessageContaining("Tried to associate with unreachable remote address")
        .ExcludeMessageContaining("AssociationError [")
        .ExcludeMessageContaining("Couldn't join seed nodes after")
        .ExcludeMessageContaining("failed to find an associated singleton")
        .Build();

    static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}

using Akka.Hosting;
using DistTrain.Protocol;

namespace DistTrain.Node.Wire;

/// <summary>What may travel between actor systems.</summary>
public static class WireHosting
{
    /// <summary>Akka's serializer of any type as JSON.</summary>
    const int JsonNumber = 1;

    /// <summary>Akka's serializer of actors to be made on another node.</summary>
    const int DaemonCreateNumber = 3;

    const string Settings = """
        akka {
          log-serializer-override-on-start = off
        }
        """;

    /// <summary>
    /// Closes the wire: our messages travel as their table says, Akka's own as Akka does. Everything else is an error on the side that would
    /// send it, and refused unread on the side that gets it.
    /// </summary>
    public static AkkaConfigurationBuilder WithProtocolWire(this AkkaConfigurationBuilder akka) => akka
        .AddHocon(Settings, HoconAddMode.Prepend)
        .WithStrictSerialization()
        .WithCustomSerializer("disttrain", [typeof(IProtocolMessage)], system => new ProtocolSerializer(system))
        .WithCustomSerializer("json", [], system => new RefusingSerializer(system, JsonNumber, "JSON of any type"))
        .WithCustomSerializer(
            "daemon-create", [], system => new RefusingSerializer(system, DaemonCreateNumber, "making actors from another node"));
}

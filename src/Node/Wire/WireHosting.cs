using Akka.Hosting;
using DistTrain.Protocol;

namespace DistTrain.Node.Wire;

/// <summary>What may travel between actor systems.</summary>
public static class WireHosting
{
    // Akka's serializers of any type as JSON, of any type of Protocol Buffers, and of actors to be made on another node.
    internal const int JsonNumber = 1;
    const int ProtobufNumber = 2;
    const int DaemonCreateNumber = 3;

    internal const string Json = "JSON of any type";

    const string Settings = """
        akka.log-serializer-override-on-start = off
        """;

    /// <summary>
    /// Closes the wire: our messages travel as their table says, of Akka's own those that a cluster needs. Everything else is an error on
    /// the side that would send it, and refused unread on the side that gets it.
    /// </summary>
    public static AkkaConfigurationBuilder WithProtocolWire(this AkkaConfigurationBuilder akka) => akka
        .AddHocon(Settings, HoconAddMode.Prepend)
        .WithStrictSerialization()
        .WithCustomSerializer("disttrain", [typeof(IProtocolMessage)], system => new ProtocolSerializer(system))
        .WithCustomSerializer("json", [], system => new RefusingSerializer(system, JsonNumber, Json))
        .WithCustomSerializer("proto", [], system => new RefusingSerializer(system, ProtobufNumber, "Protocol Buffers of any type"))
        .WithCustomSerializer(
            "daemon-create", [], system => new RefusingSerializer(system, DaemonCreateNumber, "making actors from another node"))
        .WithCustomSerializer("akka-misc", [], system => new NarrowMiscSerializer(system))
        .WithCustomSerializer("akka-system-msg", [], system => new NarrowSystemSerializer(system));
}

using System.Globalization;
using System.Net;
using Akka.Actor;

namespace DistTrain.Node.Cluster;

/// <summary>Where a node's actors are reached: HOST:PORT, as users write it. Byte for byte the same on every node that means this one.</summary>
/// <param name="Host">A name or an IPv4 address.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record NodeEndpoint(string Host, int Port)
{
    /// <summary>The endpoint that a text writes; null where it writes none.</summary>
    public static NodeEndpoint? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || Uri.CheckHostName(text[..colon]) is not (UriHostNameType.Dns or UriHostNameType.IPv4)) return null;
        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535
            ? new NodeEndpoint(text[..colon], port)
            : null;
    }

    /// <summary>Where the actors of this process are reached.</summary>
    public static NodeEndpoint Of(ActorSystem system)
    {
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return new NodeEndpoint(address.Host, address.Port ?? 0);
    }

    /// <summary>Whether only this machine reaches a host of that name or address. A name is not looked up: what it means may change.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The actor system that is to be there.</summary>
    public Address Address => new("akka.tcp", NodeNames.System, Host, Port);

    /// <summary>The actor that workers ask to join, where a coordinator candidate is.</summary>
    public ActorPath Door => new RootActorPath(Address) / "user" / NodeNames.Door;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

using System.Net;

namespace DistTrain.Node.Blocks;

/// <summary>Where a node's data plane listens, and how others find it.</summary>
public sealed record BlockPlaneOptions
{
    /// <summary>The address that it listens at; default loopback. Whether another one is allowed is for others to have checked.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The name or address that other nodes reach it by; default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 to 65535; default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Most connections at once, at least 1; default 512. More are closed at once.</summary>
    public int ConnectionMax { get; init; } = 512;

    /// <summary>How long a request's head may take, and the rest of what is sent on stopping; default 5 seconds.</summary>
    public TimeSpan HeadDeadline { get; init; } = TimeSpan.FromSeconds(5);
}

using System.Net;
using System.Net.Sockets;
using DistTrain.Node.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DistTrain.Node.Blocks;

/// <summary>
/// A node's data plane: gives blocks, files and weights to other nodes over HTTP/1.1, apart from the actors' connection, so that heartbeats
/// and leases never wait behind numbers.
/// </summary>
/// <remarks>
/// Kestrel by itself, without a web host: that one would answer signals, which are the node's to answer, and log as a program of its own.
/// </remarks>
public sealed class BlockPlane : IHostedService, IAsyncDisposable
{
    /// <summary>Bytes that may wait to be sent on one connection: more, and sender and receiver wake each other less often.</summary>
    const int WaitingBytesMax = 1024 * 1024;

    readonly BlockPlaneOptions _options;
    readonly KestrelServer _server;
    readonly Requests _requests;
    string? _address;

    /// <param name="files">Asked in turn.</param>
    /// <param name="weights">Asked in turn.</param>
    /// <param name="meters">Told what it sends.</param>
    /// <param name="readings">What <c>/metrics</c> shows; none: there is no such page.</param>
    public BlockPlane(
        BlockPlaneOptions options, BlockStore blocks, IEnumerable<IFileSupplier> files, IEnumerable<IWeightSupplier> weights,
        NodeReadiness readiness, ILoggerFactory logs, PlaneMeters? meters = null, MeterReadings? readings = null)
    {
        _options = options;
        _requests = new Requests(new BlockRequests(blocks, [.. files], [.. weights], readiness, meters, readings));
        var transport = new SocketTransportOptions { MaxWriteBufferSize = WaitingBytesMax };
        _server = new KestrelServer(
            Options.Create(KestrelOptionsOf(options)), new SocketTransportFactory(Options.Create(transport), logs), logs);
    }

    /// <summary>Where other nodes find it, as http://host:port; known once it has started.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public string Address => _address ?? throw new InvalidOperationException("The data plane has not started yet.");

    /// <exception cref="IOException">The port is in use, or the address is not this machine's.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(_requests, cancellationToken);
        }
        catch (SocketException error)
        {
            throw new IOException($"The data plane cannot listen at {_options.Bind}:{_options.Port}: {error.Message}", error);
        }
        _address = $"http://{HostText(_options.Host)}:{PortOf(_server)}";
    }

    /// <summary>
    /// Takes no more requests; those under way have until <paramref name="cancellationToken"/> is cancelled, at most the head's deadline.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.HeadDeadline);
        await _server.StopAsync(limit.Token);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    static KestrelServerOptions KestrelOptionsOf(BlockPlaneOptions options)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionMax;
        kestrel.Limits.MaxRequestBodySize = WeightsRequest.QuestionBytesMax;
        kestrel.Limits.MaxRequestLineSize = 2 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 32;
        kestrel.Limits.MaxResponseBufferSize = WaitingBytesMax;
        kestrel.Limits.RequestHeadersTimeout = options.HeadDeadline;
        kestrel.Listen(options.Bind, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        return kestrel;
    }

    static int PortOf(KestrelServer server)
    {
        var bound = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new Uri(bound).Port;
    }

    static string HostText(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;

    sealed class Requests(BlockRequests requests) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => requests.Answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // Nothing of ours is in it.
        }
    }
}

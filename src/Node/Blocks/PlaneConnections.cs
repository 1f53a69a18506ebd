namespace DistTrain.Node.Blocks;

/// <summary>The connections of this process to other nodes' data planes, kept open between requests and shared by all who ask.</summary>
static class PlaneConnections
{
    static readonly Lazy<HttpClient> Shared = new(Open);

    public static HttpClient Client => Shared.Value;

    static HttpClient Open() =>
        new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false, // A node answers itself; it never sends anybody elsewhere.
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60), // Shorter than the server's, so that no request meets its closing.
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // Each request brings a deadline of its own.
            MaxResponseContentBufferSize = Math.Max(WeightsRequest.AnswerBytesMax, WeightsRequest.ClassMax * sizeof(double)),
        };
}

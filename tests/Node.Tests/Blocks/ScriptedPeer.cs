using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DistTrain.Node.Tests.Blocks;

/// <summary>A node that answers every request with bytes of the test's choosing, and then closes or, if it hangs, never does.</summary>
sealed class ScriptedPeer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly List<TcpClient> _clients = [];
    readonly byte[] _answer;
    readonly bool _hangs;

    public ScriptedPeer(byte[] answer, bool hangs = false)
    {
        (_answer, _hangs) = (answer, hangs);
        _listener.Start();
        Serving = Serve();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public int RequestCount { get; private set; }

    Task Serving { get; }

    /// <summary>An HTTP answer of so many bytes, said to be <paramref name="length"/>.</summary>
    public static byte[] Ok(byte[] body, long? length = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length ?? body.Length}\r\n\r\n"), .. body];

    public static byte[] Status(int status) => Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Odd\r\nContent-Length: 0\r\n\r\n");

    /// <summary>An address where nobody listens.</summary>
    public static string Nobody()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        return address;
    }

    public void Dispose()
    {
        _listener.Stop();
        lock (_clients)
        {
            foreach (var client in _clients) client.Dispose();
        }
    }

    async Task Serve()
    {
        try
        {
            while (true) await Answer(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over, or the client has left.
        }
    }

    async Task Answer(TcpClient client)
    {
        lock (_clients) _clients.Add(client);
        var stream = client.GetStream();
        var head = new byte[8192];
        if (await stream.ReadAsync(head) == 0) return;
        RequestCount++;
        await stream.WriteAsync(_answer);
        if (!_hangs) client.Close();
    }
}

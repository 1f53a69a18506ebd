using System.Net;
using System.Net.Sockets;

namespace DistTrain.Bench.Transport;

/// <summary>One TCP connection and nothing else: a thread that sends, a thread that receives. No check of what arrived.</summary>
sealed class RawTcpMove : IMove
{
    readonly Socket _sender;
    readonly Socket _receiver;

    public RawTcpMove()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _sender = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sender.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        _receiver = listener.AcceptSocket();
    }

    public string Name => "raw TCP";

    public Task Move(ReadOnlyMemory<byte> from, Memory<byte> to)
    {
        var sending = new Thread(() => Send(from.Span));
        sending.Start();
        for (var left = to.Span; !left.IsEmpty;) left = left[_receiver.Receive(left)..];
        sending.Join();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _sender.Dispose();
        _receiver.Dispose();
        return ValueTask.CompletedTask;
    }

    void Send(ReadOnlySpan<byte> left)
    {
        while (!left.IsEmpty) left = left[_sender.Send(left)..];
    }
}

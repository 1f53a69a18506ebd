using Akka.Actor;
using DistTrain.Node.Tests.Blocks;

namespace DistTrain.Bench.Transport;

/// <summary>Actors' messages of 64 KiB over Akka.Remote, with so many bytes under way and no more.</summary>
sealed class AkkaMove : IMove
{
    const int PieceBytes = 64 * 1024;

    readonly ActorSystem _near = HeartbeatCanary.Start();
    readonly ActorSystem _far = HeartbeatCanary.Start();
    readonly IActorRef _sink;
    readonly IActorRef _sender;

    public AkkaMove()
    {
        var sink = _far.ActorOf(Props.Create(() => new Sink()), "sink");
        _sink = sink;
        var address = ((ExtendedActorSystem)_far).Provider.DefaultAddress;
        var found = _near.ActorSelection($"{address}/user/sink").ResolveOne(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
        _sender = _near.ActorOf(Props.Create(() => new Source(found)));
    }

    /// <summary>A canary on the connection that the messages take.</summary>
    public HeartbeatCanary Canary() => new(_near, _far);

    /// <summary>Messages under way, and no more: the bytes that a heartbeat may have to wait for. 4 MiB unless changed.</summary>
    public int PiecesUnderWay { get; set; } = 64;

    public string Name => "Akka messages of 64 KiB";

    public async Task Move(ReadOnlyMemory<byte> from, Memory<byte> to)
    {
        var arrived = new TaskCompletionSource();
        _sink.Tell(new Expect(to, arrived));
        _sender.Tell(new Send(from, PiecesUnderWay));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _near.Terminate();
        await _far.Terminate();
    }

    sealed record Send(ReadOnlyMemory<byte> Bytes, int PiecesUnderWay);

    sealed record Expect(Memory<byte> Room, TaskCompletionSource Arrived);

    sealed class Source : ReceiveActor
    {
        ReadOnlyMemory<byte> _left;

        public Source(IActorRef sink)
        {
            Receive<Send>(send =>
            {
                _left = send.Bytes;
                for (var i = 0; i < send.PiecesUnderWay && !_left.IsEmpty; i++) SendPiece(sink);
            });
            Receive<string>(_ => SendPiece(sink));
        }

        void SendPiece(IActorRef sink)
        {
            if (_left.IsEmpty) return;
            var piece = _left[..Math.Min(PieceBytes, _left.Length)];
            _left = _left[piece.Length..];
            sink.Tell(piece.ToArray());
        }
    }

    sealed class Sink : ReceiveActor
    {
        Expect? _expected;
        int _count;

        public Sink()
        {
            Receive<Expect>(expected => (_expected, _count) = (expected, 0));
            Receive<byte[]>(piece =>
            {
                piece.CopyTo(_expected!.Room[_count..]);
                _count += piece.Length;
                Sender.Tell("more");
                if (_count == _expected.Room.Length) _expected.Arrived.SetResult();
            });
        }
    }
}

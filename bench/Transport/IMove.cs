namespace DistTrain.Bench.Transport;

/// <summary>A way for bytes from one node to another over loopback, both ends in this process.</summary>
interface IMove : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Moves <paramref name="from"/> into <paramref name="to"/>, of the same length; ends when all of it has arrived.</summary>
    Task Move(ReadOnlyMemory<byte> from, Memory<byte> to);
}

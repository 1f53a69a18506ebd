namespace DistTrain.Protocol.Blocks;

/// <summary>
/// Fills <paramref name="destination"/> with the next bytes of a block, wherever they come from; fewer are an
/// <see cref="EndOfStreamException"/>. What reads numbers asks for them piece by piece, straight into the arrays where they belong.
/// </summary>
public delegate ValueTask BlockFill(Memory<byte> destination, CancellationToken stop);

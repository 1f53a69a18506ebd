namespace DistTrain.Protocol.Blocks;

/// <summary>Blocks that are small enough to be one piece of memory.</summary>
public static class InlineBlock
{
    /// <summary>Gives the bytes from the first on, to one reader.</summary>
    public static BlockFill FillFrom(ReadOnlyMemory<byte> bytes)
    {
        var given = 0;
        return (destination, stop) =>
        {
            stop.ThrowIfCancellationRequested();
            if (destination.Length > bytes.Length - given)
                throw new EndOfStreamException($"A block of {bytes.Length} bytes ends where more are read.");
            bytes.Slice(given, destination.Length).CopyTo(destination);
            given += destination.Length;
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>All bytes of a block; a copy, unless it is one piece.</summary>
    public static ReadOnlyMemory<byte> ToBytes(Block block)
    {
        if (block.Pieces is [var only]) return only;

        var bytes = new byte[checked((int)block.Length)];
        var end = 0;
        foreach (var piece in block.Pieces)
        {
            piece.Span.CopyTo(bytes.AsSpan(end));
            end += piece.Length;
        }
        return bytes;
    }
}

using System.Buffers;

namespace DistTrain.Numerics;

/// <summary>
/// Bytes outside the collector's heap that never move: a mapped file. They are read in place, by pointer; so they stay until they are
/// released explicitly, which their owner does when nobody reads any more, and never by the collector.
/// </summary>
public abstract unsafe class StillMemory : MemoryManager<byte>
{
    /// <summary>The first byte.</summary>
    public abstract byte* First { get; }

    /// <summary>Number of bytes.</summary>
    public abstract int Length { get; }

    public sealed override Span<byte> GetSpan() => new(First, Length);

    public sealed override MemoryHandle Pin(int elementIndex = 0) => new(First + elementIndex);

    public sealed override void Unpin()
    {
        // It never moves.
    }
}

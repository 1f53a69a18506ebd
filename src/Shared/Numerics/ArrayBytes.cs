using System.Buffers;
using System.Runtime.InteropServices;

namespace DistTrain.Numerics;

/// <summary>Some numbers of an array as memory of bytes, little-endian as they lie there; at most 2³¹ − 1 of them.</summary>
sealed class ArrayBytes<T>(T[] numbers, int first, int count) : MemoryManager<byte>
    where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(numbers.AsSpan(first, count));

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var pin = GCHandle.Alloc(numbers, GCHandleType.Pinned);
        return new MemoryHandle((byte*)pin.AddrOfPinnedObject() + first * sizeof(T) + elementIndex, pin);
    }

    public override void Unpin()
    {
        // The handle frees its own pin.
    }

    protected override void Dispose(bool disposing)
    {
        // The array is the collector's.
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistTrain.Protocol.Blocks;

/// <summary>The bytes of part of an array of numbers, as they lie in memory: little-endian on every machine that this runs on.</summary>
sealed unsafe class ArrayBytes<T> : MemoryManager<byte>
    where T : unmanaged
{
    /// <summary>A span counts bytes in 32 bits, so large arrays are several pieces.</summary>
    const int PieceBytesMax = 1 << 30;

    readonly Memory<T> _numbers;

    ArrayBytes(Memory<T> numbers) => _numbers = numbers;

    /// <summary>All bytes of <paramref name="numbers"/>, which are not copied: what is written to one is written to the other.</summary>
    public static IEnumerable<Memory<byte>> Of(Memory<T> numbers)
    {
        var pieceMax = PieceBytesMax / Unsafe.SizeOf<T>();
        for (var first = 0; first < numbers.Length; first += pieceMax)
            yield return new ArrayBytes<T>(numbers.Slice(first, Math.Min(pieceMax, numbers.Length - first))).Memory;
    }

    /// <inheritdoc cref="Of(Memory{T})"/>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<T> numbers) =>
        Of(MemoryMarshal.AsMemory(numbers)).Select(piece => (ReadOnlyMemory<byte>)piece);

    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(_numbers.Span);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        // The array is pinned as such: Memory<T>.Pin refuses those of Int128.
        MemoryMarshal.TryGetArray<T>(_numbers, out var numbers);
        var handle = GCHandle.FromIntPtr(PinnedGCHandle<T[]>.ToIntPtr(new PinnedGCHandle<T[]>(numbers.Array!)));
        var first = Unsafe.AsPointer(ref MemoryMarshal.GetReference(GetSpan()));
        return new MemoryHandle((byte*)first + elementIndex, handle, this);
    }

    public override void Unpin()
    {
        // The handle's end is the pin's.
    }

    protected override void Dispose(bool disposing)
    {
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Bench;

/// <summary>What memory delivers: a sequential read of the same bytes, nothing computed but their bitwise sum.</summary>
static class MemoryRead
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe int Of<T>(ReadOnlySpan<T> memory) where T : unmanaged
    {
        var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        fixed (T* start = memory)
        {
            var from = (int*)start;
            var end = from + (nint)memory.Length * sizeof(T) / sizeof(int) / 32 * 32;
            for (; from < end; from += 32)
            {
                a ^= Vector256.Load(from);
                b ^= Vector256.Load(from + 8);
                c ^= Vector256.Load(from + 16);
                d ^= Vector256.Load(from + 24);
            }
        }
        return ((a ^ b) ^ (c ^ d))[0];
    }
}

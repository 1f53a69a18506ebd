using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Protocol.Blocks;

/// <summary>Between numbers of 64 and 32 bits, where not a bit may be lost.</summary>
static class FloatNumbers
{
    /// <summary>Looked at for one that does not fit before memory is taken for all.</summary>
    const int FirstNumbers = 1 << 12;

    /// <summary>The numbers as floats; null where one is not exactly a float, to the last bit of a NaN.</summary>
    public static float[]? TryNarrow(ReadOnlySpan<double> values)
    {
        if (!TryNarrow(values[..Math.Min(FirstNumbers, values.Length)], new float[Math.Min(FirstNumbers, values.Length)])) return null;

        var floats = GC.AllocateUninitializedArray<float>(values.Length);
        return TryNarrow(values, floats) ? floats : null;
    }

    /// <param name="values">Gets the numbers, as many as there are floats.</param>
    public static void Widen(ReadOnlySpan<float> floats, Span<double> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(floats);
        for (var i = 0; i < vectors.Length; i++)
        {
            var (lower, upper) = Vector256.Widen(vectors[i]);
            lower.CopyTo(values[(8 * i)..]);
            upper.CopyTo(values[(8 * i + 4)..]);
        }
        for (var i = 8 * vectors.Length; i < floats.Length; i++) values[i] = floats[i];
    }

    static bool TryNarrow(ReadOnlySpan<double> values, Span<float> floats)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values);
        var pairCount = vectors.Length / 2;
        for (var i = 0; i < pairCount; i++)
        {
            var (first, second) = (vectors[2 * i], vectors[2 * i + 1]);
            var narrow = Vector256.Narrow(first, second);
            var (lower, upper) = Vector256.Widen(narrow);
            var difference = (lower.AsInt64() ^ first.AsInt64()) | (upper.AsInt64() ^ second.AsInt64());
            if (difference != Vector256<long>.Zero) return false;
            narrow.CopyTo(floats[(8 * i)..]);
        }
        for (var i = 8 * pairCount; i < values.Length; i++)
        {
            floats[i] = (float)values[i];
            if (BitConverter.DoubleToInt64Bits(floats[i]) != BitConverter.DoubleToInt64Bits(values[i])) return false;
        }
        return true;
    }
}

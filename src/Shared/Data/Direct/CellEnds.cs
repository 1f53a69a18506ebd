using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Where the cells of a row end, found before they are read, as long as no delimiter stands in quotes.</summary>
/// <param name="cellCount">At least 1.</param>
sealed class CellEnds(byte delimiter, int cellCount)
{
    /// <summary>Bytes that must follow the row's line end, whatever they are.</summary>
    public const int BytesBehind = 64;

    readonly int[] _ends = new int[cellCount];

    /// <summary>Of each cell, behind its last byte: the delimiter's offset in the text, for the last cell that of the line end.</summary>
    public ReadOnlySpan<int> Offsets => _ends;

    /// <summary>Finds the ends of the row that starts at <paramref name="start"/>.</summary>
    /// <param name="text">A line end behind the row and <see cref="BytesBehind"/> bytes.</param>
    /// <returns>False where the line has another number of delimiters.</returns>
    [MethodImpl(Compilation.AtFirstCall)]
    public bool TryFind(ReadOnlySpan<byte> text, int start)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var (count, ends) = (0, _ends);
        for (var at = start; at <= text.Length - Vector512<byte>.Count; at += Vector512<byte>.Count)
        {
            var block = Vector512.LoadUnsafe(ref bytes, (nuint)at);
            var lineEnds = Vector512.Equals(block, Vector512.Create((byte)'\n')).ExtractMostSignificantBits();
            var delimiters = Vector512.Equals(block, Vector512.Create(delimiter)).ExtractMostSignificantBits();
            // Those before the first line end.
            if (lineEnds != 0) delimiters &= (lineEnds & (0 - lineEnds)) - 1;
            if (BitOperations.PopCount(delimiters) >= ends.Length - count) return false;
            for (; delimiters != 0; delimiters &= delimiters - 1) ends[count++] = at + BitOperations.TrailingZeroCount(delimiters);
            if (lineEnds == 0) continue;

            if (count != ends.Length - 1) return false;
            var lineEnd = at + BitOperations.TrailingZeroCount(lineEnds);
            var lastCell = count == 0 ? start : ends[count - 1] + 1;
            ends[count] = lineEnd > lastCell && text[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
            return true;
        }
        return false;
    }
}

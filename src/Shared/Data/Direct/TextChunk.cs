using DistTrain.Data.Tables;

namespace DistTrain.Data.Direct;

/// <summary>Room for a stretch of a text: the lines that begin in it, whole.</summary>
sealed class TextChunk
{
    /// <summary>How far the last line may reach beyond the stretch.</summary>
    const int TailBytesMax = 1 << 20;

    const int TailBytesAtOnce = 1 << 14;
    const byte LineEnd = (byte)'\n';

    byte[] _bytes = [];

    static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>Reads the lines that begin at <paramref name="start"/> … <paramref name="end"/> − 1; false where one is very long.</summary>
    /// <param name="lines">
    /// The lines, each with its end (added to a last line without one), and the padding that <see cref="LibsvmCursor"/> asks for. Valid
    /// until the next reading.
    /// </param>
    public bool TryRead(IRandomAccess file, long start, long end, out ReadOnlySpan<byte> lines)
    {
        lines = default;
        // A line begins at the start if the byte before it is a line end.
        var before = start > 0 ? 1 : 0;
        var count = ReadUpTo(file, start - before, 0, (int)(end - start) + before);
        var first = start == 0 ? 0 : Find(0, count - 1) + 1;
        if (start > 0 && first == 0) first = count;
        else if (!TryReadTail(file, start - before, ref count)) return false;
        if (start == 0 && _bytes.AsSpan(0, count).StartsWith(Mark)) first = Mark.Length;
        _bytes.AsSpan(count, LibsvmCursor.PaddingBytes).Clear();
        lines = _bytes.AsSpan(first..(count + LibsvmCursor.PaddingBytes));
        return true;
    }

    /// <summary>Reads on to the end of the last line.</summary>
    bool TryReadTail(IRandomAccess file, long offset, ref int count)
    {
        var tail = 0;
        while (count == 0 || _bytes[count - 1] != LineEnd)
        {
            if (tail > TailBytesMax) return false;
            var searched = count;
            count = ReadUpTo(file, offset, count, TailBytesAtOnce);
            if (count == searched)
            {
                if (count > 0) _bytes[count++] = LineEnd;
                return true;
            }
            if (Find(searched, count) is var found and >= 0) count = found + 1;
            tail += TailBytesAtOnce;
        }
        return true;
    }

    /// <summary>Reads some bytes behind those that are there; how many there are then, with room for more behind them.</summary>
    int ReadUpTo(IRandomAccess file, long offset, int have, int count)
    {
        var room = have + count + 1 + LibsvmCursor.PaddingBytes;
        if (_bytes.Length < room) Array.Resize(ref _bytes, room + TailBytesAtOnce);
        return have + file.Read(offset + have, _bytes.AsSpan(have, count));
    }

    /// <summary>Where the first line end is among some of the bytes; −1 where there is none.</summary>
    int Find(int first, int end)
    {
        var found = _bytes.AsSpan(first, Math.Max(0, end - first)).IndexOf(LineEnd);
        return found < 0 ? -1 : first + found;
    }
}

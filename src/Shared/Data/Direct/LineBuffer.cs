using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Input;

namespace DistTrain.Data.Direct;

/// <summary>Reads stretches of a file into one buffer, which lives from one stretch to the next.</summary>
sealed class LineBuffer
{
    const int LookAhead = 1 << 14;

    /// <summary>Bytes of a line from which on it is left to others.</summary>
    const int LineMax = FileProblems.LineMax / 2;

    byte[] _buffer = [];

    /// <summary>The lines that start in the stretch: from the first on, each with its end.</summary>
    public ReadOnlySpan<byte> Text => _buffer.AsSpan(First, Length + RowParser.BytesBehind);

    /// <summary>The same without what follows them.</summary>
    public ReadOnlySpan<byte> Lines => _buffer.AsSpan(First, Length);

    /// <summary>The same with what <see cref="LibsvmCursor"/> wants behind them.</summary>
    public ReadOnlySpan<byte> Padded => _buffer.AsSpan(First, Length + LibsvmCursor.PaddingBytes);

    /// <summary>Bytes of the lines that start in the stretch.</summary>
    public int Length { get; private set; }

    /// <summary>Offset in the file of <see cref="Text"/>.</summary>
    public long Offset { get; private set; }

    int First { get; set; }

    /// <summary>Reads whole lines: those that start from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    /// <param name="dataStart">Where the first line of the file starts that is of interest.</param>
    /// <returns>False where a line is too long, or the file shorter than it was.</returns>
    public bool TryReadLines(IRandomAccess file, long dataStart, long start, long end)
    {
        // The byte before tells whether a line starts at once.
        var from = start == dataStart ? start : start - 1;
        for (var ahead = LookAhead; ahead <= LineMax; ahead *= 4)
        {
            var read = Fill(file, from, end, ahead);
            if (read < end - from) return false;
            First = start == dataStart ? 0 : LineEnd(0, read);
            Offset = from + First;
            var startsInside = Offset < end;
            // The last line that starts inside is the one that holds the last byte before the end.
            var last = startsInside ? LineEnd((int)(end - 1 - from), read) : First;
            if (First < 0 || last < 0) continue;
            Length = last - First;
            return true;
        }
        return false;
    }

    /// <summary>Behind the first line end from <paramref name="at"/> on; below 0 where there is none.</summary>
    int LineEnd(int at, int read) => _buffer.AsSpan(at, read - at).IndexOf((byte)'\n') is >= 0 and var found ? at + found + 1 : -1;

    /// <summary>Fills the buffer from the file; a line end is put behind the last line where the file has none.</summary>
    /// <returns>Bytes in the buffer.</returns>
    int Fill(IRandomAccess file, long from, long end, int ahead)
    {
        var wanted = checked((int)(end - from) + ahead);
        if (_buffer.Length < wanted + 1 + RowParser.BytesBehind)
            _buffer = GC.AllocateUninitializedArray<byte>(wanted + 1 + RowParser.BytesBehind);
        var read = file.Read(from, _buffer.AsSpan(0, wanted));
        if (read < wanted && read > 0 && _buffer[read - 1] != '\n') _buffer[read++] = (byte)'\n';
        _buffer.AsSpan(read, RowParser.BytesBehind).Clear();
        return read;
    }
}

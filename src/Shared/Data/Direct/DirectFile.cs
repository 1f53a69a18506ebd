using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;

namespace DistTrain.Data.Direct;

/// <summary>A delimited file that is read by offset, its header known.</summary>
/// <param name="DataStart">Offset of the first byte behind the header's line.</param>
/// <param name="Length">Of the file in bytes.</param>
sealed record DirectFile(string Name, IRandomAccess Bytes, Header Header, long DataStart, long Length) : IDisposable
{
    const int HeaderBytesMax = 1 << 22;

    static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    public void Dispose() => Bytes.Dispose();

    /// <summary>Opens a file; null where it cannot be read by offset as it is, or its header is not one plain line.</summary>
    public static DirectFile? Open(IInputFile file, DetectedFormat format)
    {
        using var rows = new DelimitedRows(file, format);
        var header = Header.Read(rows);
        if (file.OpenRandomAccess() is not { } bytes) return null;
        var dataStart = DataStartOf(bytes, header);
        if (dataStart is null || EndsWithReturn(bytes))
        {
            bytes.Dispose();
            return null;
        }
        return new DirectFile(file.Name, bytes, header, dataStart.Value, bytes.Length);
    }

    /// <summary>Behind the header's line; null where the header is no plain line, or the file is packed.</summary>
    static long? DataStartOf(IRandomAccess bytes, Header header)
    {
        var start = new byte[(int)Math.Min(bytes.Length, HeaderBytesMax)];
        var text = start.AsSpan(0, bytes.Read(0, start));
        if (FileSignature.IsGzip(text)) return null;
        var at = text.StartsWith(Mark) ? Mark.Length : 0;
        for (var line = 1L; line < header.Line; line++)
        {
            if (!IsBlank(text, at)) return null;
            at += text[at..].IndexOf((byte)'\n') + 1;
        }
        var length = text[at..].IndexOf((byte)'\n');
        // A quoted cell that went on behind the line would leave an odd number of quotes in it.
        return length >= 0 && text.Slice(at, length).Count((byte)'"') % 2 == 0 ? at + length + 1 : null;
    }

    /// <summary>A line with nothing on it starts here.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text, int at) => text[at..] is [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..];

    static bool EndsWithReturn(IRandomAccess bytes)
    {
        Span<byte> last = [0];
        return bytes.Read(bytes.Length - 1, last) == 1 && last[0] == '\r';
    }
}

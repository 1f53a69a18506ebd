using System.Text;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Input;

/// <summary>Where a text stops being in its encoding; asked only after decoding has failed, so it may take its time.</summary>
static class MalformedBytes
{
    /// <summary>The error that tells it.</summary>
    public static Problem ProblemOf(IInputFile file, Encoding encoding)
    {
        var (line, column) = Locate(file, encoding);
        return FileProblems.BadEncoding(file.Name, line, column, encoding.WebName.ToUpperInvariant());
    }

    /// <summary>Line and column (in characters) of the first bytes that are not <paramref name="encoding"/>; from 1.</summary>
    static (long Line, long Column) Locate(IInputFile file, Encoding encoding)
    {
        using var content = InputContent.Open(file);
        var decoder = encoding.GetDecoder();
        var place = (Line: 1L, Column: 1L);
        var buffer = new byte[1 << 16];
        try
        {
            while (content.Read(buffer) is var read && read > 0)
            {
                for (var i = 0; i < read; i++) Advance(ref place, decoder, buffer.AsSpan(i, 1));
            }
            Advance(ref place, decoder, []);
        }
        catch (DecoderFallbackException)
        {
            // The position reached is the answer.
        }
        return place;
    }

    /// <summary>Moves on by the characters that end with these bytes; no bytes mean the end of the text.</summary>
    static void Advance(ref (long Line, long Column) place, Decoder decoder, ReadOnlySpan<byte> bytes)
    {
        Span<char> decoded = stackalloc char[4];
        var count = decoder.GetChars(bytes, decoded, flush: bytes.IsEmpty);
        foreach (var c in decoded[..count])
        {
            if (c == '\n') place = (place.Line + 1, 1);
            else if (c != '\uFEFF') place.Column++;
        }
    }
}

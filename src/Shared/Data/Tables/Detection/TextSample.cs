using System.Text;

namespace DistTrain.Data.Tables.Detection;

/// <summary>The start of a file's text; detection looks at its whole lines only.</summary>
/// <param name="Text">Without a byte order mark; what is not in the encoding is replaced, and refused later with its place.</param>
/// <param name="IsWhole">It is all of the file, so the last line is whole too.</param>
sealed record TextSample(string Text, bool IsWhole)
{
    public static TextSample Of(ReadOnlySpan<byte> start, Encoding encoding, bool isWhole)
    {
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        return new TextSample(lenient.GetString(start).TrimStart('\uFEFF'), isWhole);
    }
}

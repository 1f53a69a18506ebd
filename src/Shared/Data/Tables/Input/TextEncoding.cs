using System.Text;

namespace DistTrain.Data.Tables.Input;

/// <summary>Which encoding a text is in.</summary>
static class TextEncoding
{
    /// <summary>UTF-8 that refuses malformed bytes instead of replacing them.</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoding of that name, refusing malformed bytes; null where there is none.</summary>
    public static Encoding? Find(string name)
    {
        var known = name.ToUpperInvariant() switch
        {
            "UTF8" => "utf-8",
            "LATIN-1" => "iso-8859-1",
            _ => name,
        };
        var (encoder, decoder) = (EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(known, encoder, decoder) ?? Encoding.GetEncoding(known, encoder, decoder);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>What a byte order mark at the start of <paramref name="content"/> says; null where there is none.</summary>
    public static Encoding? OfMark(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Utf8,
        [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        _ => null,
    };
}

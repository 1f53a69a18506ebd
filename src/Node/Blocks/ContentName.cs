namespace DistTrain.Node.Blocks;

/// <summary>How blocks and files are called on the data plane: by hashes, in lower-case hex, and nothing else.</summary>
static class ContentName
{
    const int BlockDigits = 32;
    const int Sha256Digits = 64;

    public static bool IsBlock(string text) => text.Length == BlockDigits && IsHex(text);

    public static bool IsSha256(string text) => text.Length == Sha256Digits && IsHex(text);

    static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}

using System.Buffers;

namespace DistTrain.Protocol.Wire;

/// <summary>What may stand in a field. Held when a message is written and again when it is read: nobody trusts the other end.</summary>
static class WireRules
{
    /// <summary>Most characters of what is written for people; what is longer is cut when it is written.</summary>
    public const int TextMax = 1000;

    /// <summary>Most characters of a name, a token or an address.</summary>
    public const int NameMax = 256;

    /// <summary>Most characters of the path of a file or folder.</summary>
    public const int PathMax = 4096;

    /// <summary>Most entries of a list of addresses.</summary>
    public const int ListMax = 64;

    /// <summary>Most details of a problem; with those of <see cref="TextMax"/> characters it still is a message of its own.</summary>
    public const int LinesMax = 16;

    /// <summary>Most workers that one answers for.</summary>
    public const int PartsMax = 256;

    /// <summary>Shards are numbered below this: so much memory a message may ask for, as bits.</summary>
    public const int ShardCountMax = 1 << 20;

    /// <summary>Most bytes of a block.</summary>
    public const long BlockBytesMax = 1L << 40;

    static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:-");

    /// <summary>Names are told in logs: one line, and not endless.</summary>
    public static string Name(string name) =>
        name.Length is > 0 and <= NameMax && !name.Any(char.IsControl)
            ? name
            : throw new WireException($"A name of {name.Length} characters; expected 1 to {NameMax}, no control characters.");

    /// <summary>Hashes, fingerprints and manifests become parts of addresses and names of files.</summary>
    public static string Token(string token) =>
        token.Length is > 0 and <= NameMax && token[0] != '.' && !token.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? token
            : throw new WireException($"A token of {token.Length} characters; expected 1 to {NameMax} letters, digits and . _ : -");

    /// <summary>Where a node's blocks are: nothing but a host and a port.</summary>
    public static string Address(string address) =>
        address.Length <= NameMax && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0
            ? address
            : throw new WireException($"An address of {address.Length} characters; expected http://host:port.");

    /// <summary>At most <see cref="TextMax"/> characters of a text, no pair of them torn apart.</summary>
    public static string Cut(string text)
    {
        if (text.Length <= TextMax) return text;
        var end = TextMax - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    public static long InRange(long number, long least, long most, string what) =>
        number >= least && number <= most ? number : throw new WireException($"{what} is {number}; expected {least} to {most}.");

    public static double Finite(double number, string what) =>
        double.IsFinite(number) ? number : throw new WireException($"{what} is {number}; expected a finite number.");
}

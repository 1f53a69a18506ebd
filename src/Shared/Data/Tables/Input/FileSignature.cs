namespace DistTrain.Data.Tables.Input;

/// <summary>File formats by their first bytes.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Fix">What a user can do instead.</param>
sealed record FileSignature(string Name, string Fix)
{
    const string Unpack = "fix: unpack it, or pack it as .gz";
    const string Convert = "fix: convert it to CSV";

    public static bool IsGzip(ReadOnlySpan<byte> first) => first is [0x1F, 0x8B, ..];

    /// <summary>The format that is known but cannot be read; null for all others.</summary>
    public static FileSignature? OfUnreadable(ReadOnlySpan<byte> first) => first switch
    {
        [0x28, 0xB5, 0x2F, 0xFD, ..] => new("zstd", Unpack),
        [0x04, 0x22, 0x4D, 0x18, ..] => new("LZ4", Unpack),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => new("xz", Unpack),
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, ..] => new("bzip2", Unpack),
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => new("Parquet", Convert),
        [(byte)'A', (byte)'R', (byte)'R', (byte)'O', (byte)'W', (byte)'1', ..] => new("Arrow IPC", Convert),
        [(byte)'P', (byte)'K', 3, 4, ..] => new("ZIP (perhaps a spreadsheet)", "fix: unpack it, or export it as CSV"),
        _ => null,
    };
}

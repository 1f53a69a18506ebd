using System.Globalization;

namespace DistTrain.Node.CommandLine;

/// <summary>Sizes in bytes as people type them.</summary>
static class ByteSize
{
    const string Units = "KMGT";

    /// <summary>
    /// Reads digits with a decimal point perhaps, then K, M, G or T for powers of 1024, then iB perhaps: "800000000", "1.5G", "512MiB".
    /// </summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var number = text.EndsWith("iB", StringComparison.Ordinal) ? text[..^2] : text;
        var power = number.Length == 0 ? 0 : Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) + 1;
        if (power == 0 && number != text) return false;
        if (power > 0) number = number[..^1];
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;

        for (; power > 0 && value < long.MaxValue; power--) value *= 1024;
        if (value >= long.MaxValue) return false;
        bytes = (long)value;
        return true;
    }
}

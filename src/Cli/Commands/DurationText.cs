using System.Globalization;

namespace DistTrain.Cli.Commands;

/// <summary>Lengths of time as users write them: numbers with units, the largest first, such as 90s, 1.5h or 1h30m.</summary>
static class DurationText
{
    /// <summary>For messages.</summary>
    public const string Examples = "30s, 10m or 1h30m";

    static readonly (string Unit, double Seconds)[] Units = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 0.001)];

    /// <summary>The length of time that a text writes; null where it writes none. At least 0.</summary>
    public static TimeSpan? Parse(string text)
    {
        var (seconds, next) = (0.0, 0);
        for (var rest = text.AsSpan(); !rest.IsEmpty || next == 0;)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;

            rest = rest[digits..];
            var length = rest.IndexOfAny("0123456789.") is var end && end < 0 ? rest.Length : end;
            var unit = IndexOf(rest[..length]);
            if (unit < next) return null;
            (seconds, next, rest) = (seconds + number * Units[unit].Seconds, unit + 1, rest[length..]);
        }
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    static int IndexOf(ReadOnlySpan<char> unit)
    {
        for (var i = 0; i < Units.Length; i++)
        {
            if (unit.SequenceEqual(Units[i].Unit)) return i;
        }
        return -1;
    }
}

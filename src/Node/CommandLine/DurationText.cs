using System.Globalization;
using System.Text.RegularExpressions;

namespace DistTrain.Node.CommandLine;

/// <summary>Lengths of time as users write them: numbers with units, the largest first, such as 90s, 1.5h or 1h30m.</summary>
static partial class DurationText
{
    /// <summary>For messages.</summary>
    public const string Examples = "30s, 10m or 1h30m";

    static readonly (string Unit, double Seconds)[] Units = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 0.001)];

    /// <summary>The length of time that a text writes; null where it writes none. At least 0.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Pattern.Match(text) is not { Success: true } match) return null;

        var seconds = Units.Sum(unit => match.Groups[unit.Unit] is { Success: true, Value: var number }
            ? double.Parse(number, CultureInfo.InvariantCulture) * unit.Seconds
            : 0);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex(
        @"^(?=.)((?<d>[0-9]+(\.[0-9]+)?)d)?((?<h>[0-9]+(\.[0-9]+)?)h)?((?<m>[0-9]+(\.[0-9]+)?)m(?!s))?((?<s>[0-9]+(\.[0-9]+)?)s)?((?<ms>[0-9]+(\.[0-9]+)?)ms)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    static partial Regex Pattern { get; }
}

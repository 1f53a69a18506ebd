using System.Globalization;
using DistTrain.Data.Tables.Malformed;

namespace DistTrain.Node.CommandLine;

/// <summary>--max-bad as people type it: a count, or a share of all rows with %.</summary>
static class BadRowLimit
{
    /// <summary>The rule's limits, its kind aside; null: none.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static BadRowRule Parse(string? text) =>
        text is null ? new BadRowRule()
        : TryParse(text, out var rule) ? rule
        : throw new FormatException($"\"{text}\" is no limit.");

    public static bool TryParse(string text, out BadRowRule rule)
    {
        rule = new BadRowRule();
        if (!text.EndsWith('%'))
        {
            var isCount = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count);
            rule = rule with { CountMax = count };
            return isCount;
        }
        var isShare = double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
            && double.IsFinite(percent);
        rule = rule with { ShareMax = percent / 100 };
        return isShare;
    }
}

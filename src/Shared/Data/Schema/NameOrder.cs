using System.Collections.Immutable;
using System.Globalization;

namespace DistTrain.Data.Schema;

/// <summary>The order of classes and levels: of numbers if all are numbers, else ordinal. The same on every machine.</summary>
public static class NameOrder
{
    public static ImmutableArray<string> Sort(IEnumerable<string> names)
    {
        var listed = names.ToList();
        return listed.TrueForAll(name => NumberOf(name) is not null)
            ? [.. listed.OrderBy(NumberOf).ThenBy(name => name, StringComparer.Ordinal)]
            : [.. listed.Order(StringComparer.Ordinal)];
    }

    /// <summary>The finite number that a text writes, in invariant culture; null where it writes none.</summary>
    public static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace DistTrain.FaultHarness.Runs;

/// <summary>The terms of a run, as its folder keeps them: files named by number, each saying who took it.</summary>
static partial class RunTerms
{
    /// <summary>The process that took the newest term; null: none did.</summary>
    public static int? OwnerOfNewest(string runFolder)
    {
        var terms = Path.Combine(runFolder, "terms");
        if (!Directory.Exists(terms)) return null;
        var newest = Directory.EnumerateFiles(terms).Where(file => NumberOf(file) > 0).MaxBy(NumberOf);
        var owner = Owner().Match(newest is null ? "" : File.ReadAllText(newest));
        return owner.Success ? int.Parse(owner.Groups[1].ValueSpan) : null;
    }

    static long NumberOf(string file) =>
        long.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("process ([0-9]+)")]
    private static partial Regex Owner();
}

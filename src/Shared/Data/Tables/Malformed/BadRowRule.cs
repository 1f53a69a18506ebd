using DistTrain.Problems;

namespace DistTrain.Data.Tables.Malformed;

/// <summary>What becomes of rows that are malformed.</summary>
/// <param name="Kind">Default: reading ends.</param>
/// <param name="CountMax">Most of them, at least 0; null: any number. Of a whole table.</param>
/// <param name="ShareMax">Most of them as a share of all rows, 0 … 1; null: any. Judged when all rows are read.</param>
public sealed record BadRowRule(BadRowKind Kind = BadRowKind.Fail, long? CountMax = null, double? ShareMax = null)
{
    public static readonly BadRowRule Fail = new();

    public bool Fails => Kind is BadRowKind.Fail;

    /// <summary>All faults at once.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (Fails && (CountMax ?? ShareMax) is not null)
        {
            yield return new("DT3117", ExitCode.Configuration, "--max-bad has no meaning where every bad row ends the reading",
                "fix: --bad-rows skip or --bad-rows quarantine, or leave it out");
        }
        if (ShareMax is < 0 or > 1) yield return Range(FormattableString.Invariant($"{ShareMax * 100}%"), "0% to 100%");
        if (CountMax < 0) yield return Range(FormattableString.Invariant($"{CountMax}"), "a whole number of at least 0");
    }

    static Problem Range(string found, string expected) =>
        new("DT3118", ExitCode.Configuration, $"--max-bad is {found}", $"expected: {expected}");
}

/// <summary>The three answers to a malformed row.</summary>
public enum BadRowKind
{
    /// <summary>Reading ends; the first of them are told.</summary>
    Fail,

    /// <summary>They are left out and counted.</summary>
    Skip,

    /// <summary>They are left out and kept, with place and reason.</summary>
    Quarantine,
}

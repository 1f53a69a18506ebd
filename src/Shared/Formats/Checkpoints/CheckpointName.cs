using System.Globalization;
using DistTrain.Protocol;

namespace DistTrain.Formats.Checkpoints;

/// <summary>The name of a checkpoint's file, "step-term" with leading zeros, so that names sort as their numbers do.</summary>
public readonly record struct CheckpointName(int Step, Term Term) : IComparable<CheckpointName>
{
    /// <summary>The name that a file bears, or null where it is no checkpoint's.</summary>
    public static CheckpointName? Parse(string fileName)
    {
        var parts = fileName.Split('-');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var term)
            && new CheckpointName(step, new Term(term)) is var name && name.ToString() == fileName ? name : null;
    }

    public int CompareTo(CheckpointName other) => (Step, Term.Number).CompareTo((other.Step, other.Term.Number));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step:D10}-{Term.Number:D6}");

    public static bool operator <(CheckpointName left, CheckpointName right) => left.CompareTo(right) < 0;

    public static bool operator >(CheckpointName left, CheckpointName right) => left.CompareTo(right) > 0;

    public static bool operator <=(CheckpointName left, CheckpointName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CheckpointName left, CheckpointName right) => left.CompareTo(right) >= 0;
}

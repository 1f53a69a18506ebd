using System.Collections.Immutable;

namespace DistTrain.Formats.Checkpoints;

/// <summary>What must be the same for a checkpoint to lead to the bits of the undisturbed run.</summary>
/// <param name="ProductVersion">Bits are promised within one version.</param>
/// <param name="ArithmeticHash">Of the arithmetic self-test.</param>
/// <param name="DatasetFingerprint">Of the manifest.</param>
/// <param name="Mathematics">Every option that changes the result's numbers, by name, as text.</param>
public sealed record CheckpointIdentity(
    string ProductVersion, string ArithmeticHash, string DatasetFingerprint, ImmutableSortedDictionary<string, string> Mathematics)
{
    const string Nothing = "nothing";

    /// <summary>Why a checkpoint of <paramref name="other"/> cannot be used here; null where it can.</summary>
    public string? Objection(CheckpointIdentity other)
    {
        if (other.ProductVersion != ProductVersion) return $"it is of DistTrain {other.ProductVersion}, this is {ProductVersion}";
        if (other.ArithmeticHash != ArithmeticHash)
            return $"it was computed with other arithmetic ({other.ArithmeticHash}, here {ArithmeticHash})";
        if (other.DatasetFingerprint != DatasetFingerprint)
            return $"it is of another dataset ({other.DatasetFingerprint}, here {DatasetFingerprint})";
        var differences = Mathematics.Keys.Union(other.Mathematics.Keys).Order(StringComparer.Ordinal)
            .Where(name => Of(Mathematics, name) != Of(other.Mathematics, name))
            .Select(name => $"--{name} {Of(other.Mathematics, name)} (here {Of(Mathematics, name)})")
            .ToList();
        return differences.Count == 0 ? null : $"it is of a run with {string.Join(", ", differences)}";
    }

    static string Of(ImmutableSortedDictionary<string, string> options, string name) => options.GetValueOrDefault(name, Nothing);
}

using DistTrain.Data.Tables.Delimited;

namespace DistTrain.Data.Direct;

/// <summary>What each cell of a row is.</summary>
/// <param name="Delimiter">One byte that occurs in no number.</param>
/// <param name="Targets">For each cell the number of its feature, or one of the constants.</param>
sealed record RowShape(byte Delimiter, int[] Targets, int FeatureCount)
{
    public const int Label = -1;
    public const int Weight = -2;
    public const int Ignored = -3;

    public bool IsWeighted => Targets.Contains(Weight);

    /// <summary>The shape of rows whose features may all be numbers; null where one is declared text.</summary>
    public static RowShape? Of(byte delimiter, int cellCount, ColumnRoles roles)
    {
        if (roles.Label is null || roles.Features.Any(feature => feature is not NumericColumnReader)) return null;
        return new RowShape(delimiter, TargetsOf(cellCount, roles), roles.Features.Length);
    }

    /// <summary>For each cell the number of its feature, or one of the constants.</summary>
    public static int[] TargetsOf(int cellCount, ColumnRoles roles)
    {
        var targets = new int[cellCount];
        Array.Fill(targets, Ignored);
        if (roles.Label is { } label) targets[label.Index] = Label;
        if (roles.Weight is { } weight) targets[weight.Index] = Weight;
        foreach (var (number, feature) in roles.Features.Index()) targets[feature.Index] = number;
        return targets;
    }
}

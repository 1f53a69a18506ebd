using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Example weights.</summary>
sealed class WeightColumnReader(string name, int index) : ColumnReader(name, index)
{
    readonly GrowingArray<float> _weights = new();

    public override Problem? Add(DelimitedRows rows)
    {
        var cell = rows.Cell(Index);
        var isNumber = DecimalText.Read(cell, out var value) is NumberKind.Finite;
        if (!isNumber || !(value >= 0) || !float.IsFinite((float)value))
            return CellProblems.Weight(rows.PlaceOf(Index), Name, rows.TextOf(cell));
        _weights.Add((float)value);
        return null;
    }

    public override void TakeBack() => _weights.Truncate(_weights.Count - 1);

    public override ColumnReader Afresh() => new WeightColumnReader(Name, Index);

    public float[] ToWeights() => _weights.ToArray();
}

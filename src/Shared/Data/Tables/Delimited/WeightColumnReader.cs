using System.Runtime.InteropServices;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Example weights.</summary>
sealed class WeightColumnReader(string name, int index) : ColumnReader(name, index)
{
    readonly List<float> _weights = [];

    public override void Add(DelimitedRows rows)
    {
        var cell = rows.Cell(Index);
        var isNumber = DecimalText.Read(cell, out var value) is NumberKind.Finite;
        if (!isNumber || !(value >= 0) || !float.IsFinite((float)value))
            throw CellProblems.Weight(rows.PlaceOf(Index), Name, rows.TextOf(cell)).AsException();
        _weights.Add((float)value);
    }

    public float[] ToWeights() => [.. CollectionsMarshal.AsSpan(_weights)];
}

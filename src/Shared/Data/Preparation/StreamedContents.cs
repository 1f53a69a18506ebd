using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Numerics;

namespace DistTrain.Data.Preparation;

/// <summary>What has to be known of all rows before the first is encoded, found by pieces of rows in any order.</summary>
sealed class StreamedContents
{
    const int PieceRows = 8192;

    readonly Lock _merging = new();
    readonly IRowSource _rows;
    readonly FeatureSchema _schema;
    readonly bool[] _heldOut;

    /// <summary>For each label and part, the first row that has it.</summary>
    readonly Dictionary<(string Label, bool HeldOut), int> _firstRows = [];

    StreamedContents(IRowSource rows, FeatureSchema schema, bool[] heldOut) => (_rows, _schema, _heldOut) = (rows, schema, heldOut);

    public FeatureContents? Features { get; private set; }

    /// <param name="heldOut">For each row, whether it validates.</param>
    public static StreamedContents Of(IRowSource rows, FeatureSchema schema, bool[] heldOut, IParallelFor parallel)
    {
        var contents = new StreamedContents(rows, schema, heldOut);
        parallel.Run((rows.RowCount + PieceRows - 1) / PieceRows, contents.Look);
        return contents;
    }

    /// <summary>Rows that have every label there is, and are held out where that one is: what classes are learnt from.</summary>
    public (Table Table, bool[] HeldOut) LabelledRows()
    {
        int[] rows = [.. _firstRows.Values.Order()];
        return (_rows.TableOf(rows), Array.ConvertAll(rows, row => _heldOut[row]));
    }

    void Look(int piece)
    {
        int[] numbers = [.. Enumerable.Range(piece * PieceRows, Math.Min(PieceRows, _rows.RowCount - piece * PieceRows))];
        var table = _rows.TableOf(numbers);
        var features = FeatureContents.Of(_schema, AlignedTable.Align(table, _schema));
        lock (_merging)
        {
            if (Features is null) Features = features;
            else Features.Add(features);
            for (var i = 0; i < numbers.Length; i++)
            {
                var key = (table.Label!.Dictionary[table.Label.Codes[i]], _heldOut[numbers[i]]);
                if (!_firstRows.TryGetValue(key, out var first) || numbers[i] < first) _firstRows[key] = numbers[i];
            }
        }
    }
}

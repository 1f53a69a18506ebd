using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>
/// What the numeric features of a schema hold in the whole input: how many nonzeros, and whether other values than zeros and ones.
/// </summary>
/// <remarks>
/// Categories are not counted: how they are held follows from their levels. Counting also refuses cells that cannot be held.
/// </remarks>
sealed class FeatureContents(int featureCount)
{
    /// <summary>Numbers above this are refused: the difference of two up to it is a finite float.</summary>
    public const double AbsoluteMax = float.MaxValue / 2;

    readonly bool[] _hasOthers = new bool[featureCount];

    public int RowCount { get; private set; }

    public int[] NonzeroCounts { get; } = new int[featureCount];

    public bool OnlyZerosAndOnes(int feature) => !_hasOthers[feature];

    /// <summary>The contents of one or two tables together.</summary>
    public static FeatureContents Of(FeatureSchema schema, params ReadOnlySpan<AlignedTable> tables)
    {
        var contents = new FeatureContents(schema.FeatureCount);
        foreach (var table in tables) contents.Add(table);
        return contents;
    }

    /// <summary>Adds what was found in other rows of the same schema.</summary>
    public void Add(FeatureContents other)
    {
        RowCount += other.RowCount;
        for (var feature = 0; feature < NonzeroCounts.Length; feature++)
        {
            NonzeroCounts[feature] += other.NonzeroCounts[feature];
            _hasOthers[feature] |= other._hasOthers[feature];
        }
    }

    void Add(AlignedTable aligned)
    {
        var feature = 0;
        foreach (var (schema, column) in aligned.Columns)
        {
            switch (schema, column)
            {
                case (NumericColumnSchema number, NumericColumn cells): Add(number, cells, feature, aligned.Table); break;
                case (IndexedColumnsSchema indexed, IndexedColumns cells): Add(indexed, cells, feature, aligned.Table); break;
                case (IndexedColumnsSchema indexed, CompactColumns compact): Add(indexed, compact, feature); break;
            }
            feature += schema.FeatureCount;
        }
        RowCount += aligned.Table.RowCount;
    }

    void Add(NumericColumnSchema schema, NumericColumn cells, int feature, Table table)
    {
        var (nonzeros, missing, others) = (0, 0, false);
        for (var row = 0; row < cells.Values.Length; row++)
        {
            var x = cells.Values[row];
            if (double.IsNaN(x))
            {
                missing++;
                x = schema.MissingValue ?? throw DatasetProblems.MissingCell(table, row, schema.Name).AsException();
            }
            if (Math.Abs(x) > AbsoluteMax) throw DatasetProblems.TooLarge(table, row, schema.Name, x).AsException();
            if (x != 0) nonzeros++;
            others |= x is not (0 or 1);
        }
        NonzeroCounts[feature] += nonzeros;
        _hasOthers[feature] |= others;
        if (schema.HasMissingIndicator) NonzeroCounts[feature + 1] += missing;
    }

    void Add(IndexedColumnsSchema schema, IndexedColumns cells, int firstFeature, Table table)
    {
        var known = new IndexSet(schema.Indices);
        for (var row = 0; row < table.RowCount; row++)
        {
            for (var i = cells.RowStarts[row]; i < cells.RowStarts[row + 1]; i++)
            {
                var (rank, x) = (known.RankOf(cells.Indices[i]), cells.Values[i]);
                if (!(Math.Abs(x) <= AbsoluteMax))
                    throw DatasetProblems.TooLarge(table, row, $"feature {cells.Indices[i]}", x).AsException();
                if (rank < 0 || x == 0) continue;

                NonzeroCounts[firstFeature + rank]++;
                _hasOthers[firstFeature + rank] |= x != 1;
            }
        }
    }

    void Add(IndexedColumnsSchema schema, CompactColumns compact, int firstFeature)
    {
        var known = new IndexSet(schema.Indices);
        for (var i = 0; i < compact.Indices.Length; i++)
        {
            if (known.RankOf(compact.Indices[i]) is not (>= 0 and var rank)) continue;
            NonzeroCounts[firstFeature + rank] += compact.NonzeroCounts[i];
            _hasOthers[firstFeature + rank] |= compact.HasOthers[i];
        }
    }
}

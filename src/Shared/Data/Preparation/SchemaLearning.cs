using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>
/// What a table's columns become: levels and means from the training rows; indices, missing cells and kinds from all of it.
/// </summary>
/// <remarks>
/// Centres, means of <see cref="CenterSample"/>, are given to all numbers here and taken from those that turn out not to be dense. Means
/// are sums in row order, in double; what stands for a missing cell is the mean of all training rows that have it.
/// An indicator is made where any row of the input misses the cell, so that a rare empty cell may well lie among the validation rows.
/// </remarks>
sealed class SchemaLearning
{
    /// <summary>Rows below which a text column may be all distinct: in small tables half distinct is nothing unusual.</summary>
    public const int DistinctRowsMin = 100;

    readonly Table _table;
    readonly Table? _validation;
    readonly bool[] _heldOut;
    readonly bool _missingAsMean;
    readonly int[] _sample;

    SchemaLearning(Table table, Table? validation, bool[] heldOut, bool missingAsMean) =>
        (_table, _validation, _heldOut, _missingAsMean, _sample) =
        (table, validation, heldOut, missingAsMean, CenterSample.RowsOf(heldOut));

    /// <param name="heldOut">For each row of <paramref name="table"/>, whether it validates.</param>
    public static FeatureSchema Learn(Table table, Table? validation, bool[] heldOut, bool missingAsMean)
    {
        RefuseMostlyDistinct(table);
        var learning = new SchemaLearning(table, validation, heldOut, missingAsMean);
        var schema = new FeatureSchema([.. table.Columns.Select(learning.Learn)]);
        return schema.FeatureCount > 0 ? schema : throw DatasetProblems.NoFeatures(table).AsException();
    }

    static void RefuseMostlyDistinct(Table table)
    {
        if (table.RowCount < DistinctRowsMin) return;

        var mostlyDistinct = table.Columns.OfType<TextColumn>().Where(text => 2L * text.Dictionary.Length > table.RowCount).ToList();
        if (mostlyDistinct.Count > 0) throw DatasetProblems.MostlyDistinct(table, mostlyDistinct).AsException();
    }

    ColumnSchema Learn(TableColumn column) => column switch
    {
        NumericColumn number => Learn(number),
        TextColumn text => Learn(text),
        IndexedColumns indexed => Learn(indexed),
        CompactColumns compact => Learn(compact),
        _ => throw new ArgumentException($"Unknown kind of column {column}.", nameof(column)),
    };

    NumericColumnSchema Learn(NumericColumn column)
    {
        var anyMissing = Array.Exists(column.Values, double.IsNaN) || IsMissingInValidation(column.Name);
        return new NumericColumnSchema(
            column.Name, CenterSample.MeanOf(SumOf(column, _sample)), anyMissing && _missingAsMean ? MeanOf(column) : null);
    }

    /// <summary>What stands for a missing cell.</summary>
    float MeanOf(NumericColumn column) => CenterSample.MeanOf(SumOf(column, Enumerable.Range(0, column.Values.Length)));

    /// <summary>Σ w·x and Σ w over those of the rows that train and have the cell.</summary>
    (double Sum, double WeightSum) SumOf(NumericColumn column, IEnumerable<int> rows)
    {
        var (sum, weightSum) = (0.0, 0.0);
        foreach (var row in rows)
        {
            var (x, weight) = (column.Values[row], TrainingWeightOf(row));
            if (double.IsNaN(x) || weight == 0) continue;
            sum += weight * x;
            weightSum += weight;
        }
        return (sum, weightSum);
    }

    bool IsMissingInValidation(string column) =>
        _validation?.Columns.OfType<NumericColumn>().FirstOrDefault(c => c.Name == column) is { } cells
        && Array.Exists(cells.Values, double.IsNaN);

    CategoricalColumnSchema Learn(TextColumn column)
    {
        var seen = new bool[column.Dictionary.Length];
        for (var row = 0; row < column.Codes.Length; row++) seen[column.Codes[row]] |= TrainingWeightOf(row) > 0;
        return new CategoricalColumnSchema(column.Name, NameOrder.Sort(column.Dictionary.Where((_, code) => seen[code])));
    }

    IndexedColumnsSchema Learn(IndexedColumns columns)
    {
        var members = new IndexSet();
        foreach (var index in columns.Indices) members.Add(index);
        members.CountMembers();

        return Learn(members, columns, _sample, columns.IndexBase);
    }

    /// <summary>Cells of the sample are read only where one of them may be held dense: the others' centres are 0 in the end.</summary>
    IndexedColumnsSchema Learn(CompactColumns columns)
    {
        if (_validation is null && !columns.MayBeDense(_table.RowCount))
            return new IndexedColumnsSchema([.. columns.Indices], [.. new float[columns.Indices.Length]], columns.IndexBase);
        return Learn(new IndexSet(columns.Indices), columns.CellsOf(_sample), [.. Enumerable.Range(0, _sample.Length)], columns.IndexBase);
    }

    /// <param name="places">For each row of the sample, where its cells are in <paramref name="cells"/>.</param>
    IndexedColumnsSchema Learn(IndexSet members, IndexedColumns cells, int[] places, int indexBase)
    {
        var (sums, weightSum) = (new double[members.Count], 0.0);
        foreach (var (row, place) in _sample.Zip(places))
        {
            var weight = TrainingWeightOf(row);
            weightSum += weight;
            if (weight == 0) continue;
            for (var i = cells.RowStarts[place]; i < cells.RowStarts[place + 1]; i++)
                sums[members.RankOf(cells.Indices[i])] += weight * cells.Values[i];
        }
        return new IndexedColumnsSchema(
            [.. members.ToArray()], [.. sums.Select(sum => CenterSample.MeanOf((sum, weightSum)))], indexBase);
    }

    double TrainingWeightOf(int row) => _heldOut[row] ? 0 : _table.Weights?[row] ?? 1;
}

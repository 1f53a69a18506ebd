using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Tables in the form that independent solvers work on, encoded straight from the definitions.</summary>
static class PlainTable
{
    /// <summary>
    /// All rows: a text column makes one feature per text, a number x itself less its mean (which changes no optimum), sparse columns one
    /// feature per index that occurs. Classes in ordinal order.
    /// </summary>
    public static PlainProblem ToProblem(Table table)
    {
        var features = Enumerable.Range(0, table.RowCount).Select(_ => new List<double>()).ToArray();
        foreach (var column in table.Columns) Add(column, features);
        var labels = (TextColumn)table.Label!;
        var classes = labels.Dictionary.Order(StringComparer.Ordinal).ToArray();
        return new(
            [.. features.Select(row => row.ToArray())],
            [.. labels.Codes.Select(code => Array.IndexOf(classes, labels.Dictionary[code]))],
            [.. Enumerable.Range(0, table.RowCount).Select(row => table.Weights is { } weights ? (double)weights[row] : 1)],
            classes.Length);
    }

    static void Add(TableColumn column, List<double>[] features)
    {
        switch (column)
        {
            case NumericColumn number:
                var mean = number.Values.Average();
                for (var row = 0; row < features.Length; row++) features[row].Add(number.Values[row] - mean);
                break;
            case TextColumn text:
                for (var row = 0; row < features.Length; row++)
                    features[row].AddRange(Enumerable.Range(0, text.Dictionary.Length).Select(code => text.Codes[row] == code ? 1.0 : 0));
                break;
            case IndexedColumns indexed:
                AddIndexed(indexed, features);
                break;
        }
    }

    static void AddIndexed(IndexedColumns indexed, List<double>[] features)
    {
        var places = indexed.Indices.Distinct().Order().Select((index, place) => (index, place)).ToDictionary(
            pair => pair.index, pair => pair.place);
        for (var row = 0; row < features.Length; row++)
        {
            var values = new double[places.Count];
            for (var i = indexed.RowStarts[row]; i < indexed.RowStarts[row + 1]; i++)
                values[places[indexed.Indices[i]]] = (float)indexed.Values[i];
            features[row].AddRange(values);
        }
    }
}

using System.Collections.Immutable;
using DistTrain.Data.Tables;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data;

/// <summary>Small tables written in a line or two. Row r stands on line r + 2 of "input.csv".</summary>
static class SmallTables
{
    public static Table Of(string[]? labels, params ImmutableArray<TableColumn> columns) => new()
    {
        RowCount = labels?.Length ?? RowCountOf(columns[0]),
        Columns = columns,
        Label = labels is null ? null : Text("class", labels),
        Weights = null,
        Files = [new TableFile("input.csv", 0, "")],
        Lines = [.. Enumerable.Range(2, labels?.Length ?? RowCountOf(columns[0]))],
        Findings = [],
    };

    public static Table Weighted(this Table table, params float[] weights) => new()
    {
        RowCount = table.RowCount,
        Columns = table.Columns,
        Label = table.Label,
        Weights = weights,
        Files = table.Files,
        Lines = table.Lines,
        Findings = table.Findings,
    };

    /// <summary>Labels a, b, a, b, ….</summary>
    public static string[] Alternating(int rowCount) => [.. Enumerable.Range(0, rowCount).Select(row => row % 2 == 0 ? "a" : "b")];

    public static NumericColumn Number(string name, params double[] values) => new(name, values);

    public static NumericColumn Number(string name, int rowCount, Func<int, double> valueOf) =>
        new(name, [.. Enumerable.Range(0, rowCount).Select(valueOf)]);

    public static TextColumn Text(string name, params string[] values)
    {
        ImmutableArray<string> dictionary = [.. values.Distinct()];
        return new TextColumn(name, [.. values.Select(value => dictionary.IndexOf(value))], dictionary);
    }

    public static TextColumn Text(string name, int rowCount, Func<int, string> valueOf) =>
        Text(name, [.. Enumerable.Range(0, rowCount).Select(valueOf)]);

    public static IndexedColumns Indexed(int indexBase, params (int Index, double Value)[][] rows)
    {
        long[] starts = [0, .. rows.Select((_, row) => rows.Take(row + 1).Sum(cells => (long)cells.Length))];
        var cells = rows.SelectMany(row => row).ToList();
        return new IndexedColumns(starts, [.. cells.Select(cell => cell.Index)], [.. cells.Select(cell => cell.Value)], indexBase);
    }

    /// <summary>A seeded mix of columns that are held in all four ways.</summary>
    public static Table Mixed(int rowCount, ulong seed)
    {
        var random = new CounterRandom(seed, 1);
        return Of(
                [.. Enumerable.Range(0, rowCount).Select(_ => "xyz"[random.NextInt32(3)].ToString())],
                [
                    Number("price", rowCount, _ => 1000 + 10 * random.NextGaussian()),
                    Text("colour", rowCount, _ => $"c{random.NextInt32(4)}"),
                    .. Enumerable.Range(0, 11).Select(i => Number($"often{i}", rowCount, _ => random.NextInt32(4) == 0 ? 1 : 0)),
                    Number("rare", rowCount, _ => random.NextInt32(50) == 0 ? 1 : 0),
                    Text("item", rowCount, _ => $"i{random.NextInt32(Math.Max(2, rowCount / 3))}"),
                    Number("few", rowCount, _ => random.NextInt32(10) == 0 ? random.NextGaussian() : 0),
                    Number("gaps", rowCount, _ => random.NextInt32(20) == 0 ? double.NaN : random.NextGaussian()),
                ])
            .Weighted([.. Enumerable.Range(0, rowCount).Select(_ => random.NextInt32(5) / 2f)]);
    }

    static int RowCountOf(TableColumn column) => column switch
    {
        NumericColumn number => number.Values.Length,
        TextColumn text => text.Codes.Length,
        IndexedColumns indexed => indexed.RowStarts.Length - 1,
        _ => throw new ArgumentException($"Unknown column {column}.", nameof(column)),
    };
}

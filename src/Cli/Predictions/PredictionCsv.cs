using System.Globalization;
using DistTrain.Data.Storage;
using DistTrain.Formats;

namespace DistTrain.Cli.Predictions;

/// <summary>
/// Predictions as CSV (RFC 4180, lines end with a line feed): <c>label</c>, one column <c>p:class</c> per class in the model's order, and,
/// where asked for, <c>top1</c> … : the names of the most probable classes, best first. Numbers round-trip.
/// </summary>
sealed class PredictionCsv
{
    readonly string[] _names;
    readonly int[] _active;
    readonly int _topCount;

    public PredictionCsv(SavedModel model, int topCount)
    {
        _names = [.. model.Classes.Names.Select(Quoted)];
        _active = [.. model.Classes.Active];
        _topCount = topCount;
        Header = string.Join(',',
            ["label", .. model.Classes.Names.Select(name => Quoted($"p:{name}")), .. Enumerable.Range(1, topCount).Select(i => $"top{i}")]);
    }

    public string Header { get; }

    /// <param name="badPositions">Numbers, among all rows, of malformed ones, ascending: each gets a line of empty cells in its place.</param>
    public void Write(TextWriter output, IEnumerable<(Shard Shard, double[] Probabilities)> shards, IReadOnlyList<int> badPositions)
    {
        WriteLine(output, Header);
        var row = new double[_names.Length];
        var (position, bad) = (0, 0);
        foreach (var (shard, probabilities) in shards)
        {
            for (var i = 0; i < shard.RowCount; i++)
            {
                WriteEmptyRows();
                for (var k = 0; k < _active.Length; k++) row[_active[k]] = probabilities[i * _active.Length + k];
                WriteRow(output, row);
                position++;
            }
        }
        WriteEmptyRows();

        void WriteEmptyRows()
        {
            for (; bad < badPositions.Count && badPositions[bad] == position; position++, bad++)
                WriteLine(output, new string(',', _names.Length + _topCount));
        }
    }

    void WriteRow(TextWriter output, double[] row)
    {
        output.Write(_names[Best(row)]);
        foreach (var probability in row)
        {
            output.Write(',');
            output.Write(probability.ToString("R", CultureInfo.InvariantCulture));
        }
        if (_topCount > 0)
        {
            foreach (var k in Enumerable.Range(0, row.Length).OrderByDescending(k => row[k]).Take(_topCount))
            {
                output.Write(',');
                output.Write(_names[k]);
            }
        }
        WriteLine(output, "");
    }

    /// <summary>The most probable class; of equals, the first.</summary>
    static int Best(double[] row)
    {
        var best = 0;
        for (var k = 1; k < row.Length; k++)
        {
            if (row[k] > row[best]) best = k;
        }
        return best;
    }

    static void WriteLine(TextWriter output, string text)
    {
        output.Write(text);
        output.Write('\n');
    }

    static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

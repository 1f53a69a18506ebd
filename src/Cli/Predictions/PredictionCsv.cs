using System.Globalization;
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

    /// <param name="badPositions">
    /// Numbers, among all rows, of malformed ones, ascending: each gets a line of empty cells in its place.
    /// </param>
    public void Write(TextWriter output, IEnumerable<ShardPredictions> shards, IReadOnlyList<int> badPositions)
    {
        WriteLine(output, Header);
        var row = new double[_names.Length];
        var (position, bad) = (0, 0);
        foreach (var (labels, probabilities) in shards)
        {
            for (var i = 0; i < labels.Length; i++)
            {
                WriteEmptyRows();
                for (var k = 0; k < _active.Length; k++) row[_active[k]] = probabilities[i * _active.Length + k];
                WriteRow(output, _active[labels[i]], row);
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

    void WriteRow(TextWriter output, int label, double[] row)
    {
        output.Write(_names[label]);
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

    static void WriteLine(TextWriter output, string text)
    {
        output.Write(text);
        output.Write('\n');
    }

    static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

using DistTrain.Data.Preparation;

namespace DistTrain.Data.Direct;

/// <summary>The rows of <see cref="CenterSample"/>, looked up before the others are read: centres, and what the columns seem to hold.</summary>
sealed class SampleRows(DirectInput input, RowShape shape, CountedStretch[] chunks)
{
    readonly RowParser _parser = new(shape);
    readonly LineBuffer _text = new();
    readonly double[] _sums = new double[shape.FeatureCount];
    double _weightSum;

    public ColumnCounts Counts { get; } = new(shape.FeatureCount);

    /// <summary>Labels of rows with weight: at least so many classes there will be.</summary>
    public HashSet<string> Labels { get; } = new(StringComparer.Ordinal);

    public float[] Centers => Array.ConvertAll(_sums, sum => CenterSample.MeanOf((sum, _weightSum)));

    /// <param name="rows">Ascending.</param>
    /// <returns>False where a row is out of the ordinary.</returns>
    public bool TryRead(int[] rows)
    {
        var chunk = 0;
        foreach (var row in rows)
        {
            while (row >= chunks[chunk].FirstRow + chunks[chunk].RowCount) chunk++;
            if (!TryRead(chunks[chunk], row - chunks[chunk].FirstRow)) return false;
            Counts.Add(_parser.Values);
            if (_parser.Weight == 0) continue;
            Labels.Add(_parser.Label.ToString());
            _weightSum += _parser.Weight;
            for (var d = 0; d < _sums.Length; d++) _sums[d] += _parser.Weight * _parser.Values[d];
        }
        return true;
    }

    /// <summary>Reads one row of a chunk, from the mark before it on.</summary>
    bool TryRead(CountedStretch chunk, int row)
    {
        var (mark, file) = (row / CountedStretch.MarkRows, input.Files[chunk.Chunk.File]);
        var (start, end) = (chunk.Marks[mark], mark + 1 < chunk.Marks.Length ? chunk.Marks[mark + 1] : chunk.Chunk.End);
        if (!_text.TryReadLines(file.Bytes, file.DataStart, start, end)) return false;

        var (at, before) = (0, row % CountedStretch.MarkRows);
        for (; before > 0 || DirectFile.IsBlank(_text.Text, at); at += _text.Text[at..].IndexOf((byte)'\n') + 1)
            if (!DirectFile.IsBlank(_text.Text, at)) before--;
        return _parser.TryRead(_text.Text, ref at);
    }
}

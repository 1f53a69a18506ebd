using System.Collections.Concurrent;
using System.Text;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Libsvm;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>
/// Counts LIBSVM files on several threads into a table of <see cref="CountedColumns"/>, which becomes the same dataset as the one of
/// <see cref="LibsvmTable"/> does, and takes hardly any memory itself.
/// </summary>
sealed class CountedLibsvm
{
    readonly ChunkedText _text;
    readonly DetectedFormat _format;
    readonly TableOptions _options;
    readonly CountedChunk[] _chunks;
    readonly ConcurrentBag<IndexCounts> _counts = [];

    CountedLibsvm(ChunkedText text, DetectedFormat format, TableOptions options)
    {
        (_text, _format, _options) = (text, format, options);
        _chunks = new CountedChunk[text.ChunkCount];
    }

    /// <summary>The table; null where anything is out of the ordinary, so that reading row by row must say what.</summary>
    /// <param name="chunkBytes">Has no influence on what is read.</param>
    public static Table? TryRead(
        IReadOnlyList<IInputFile> files, DetectedFormat format, TableOptions options, IParallelFor parallel,
        int chunkBytes = ChunkedText.ChunkBytes)
    {
        if (format.Encoding is not UTF8Encoding || ChunkedText.Of(files, chunkBytes, parallel) is not { } text) return null;
        var hashes = new string[files.Count];
        var counted = new CountedLibsvm(text, format, options);
        return text.TryReadHashed(counted.TryCount, hashes) && counted.RowCount is > 0 and <= int.MaxValue ? counted.ToTable(hashes) : null;
    }

    long RowCount => _chunks.Sum(chunk => (long)chunk.RowCount);

    bool TryCount(int chunk, LibsvmCursor rows)
    {
        if (!_counts.TryTake(out var counts)) counts = new IndexCounts();
        _chunks[chunk] = new CountedChunk(_options.Labels, _options.IndexBase ?? 0);
        var isCounted = _chunks[chunk].TryCount(rows, counts);
        _counts.Add(counts);
        return isCounted;
    }

    Table ToTable(string[] hashes)
    {
        var hasZeroIndex = Array.Exists(_chunks, chunk => chunk.HasZeroIndex);
        var firstIndex = _options.IndexBase ?? (hasZeroIndex ? 0 : 1);
        var firstRows = FirstRows();
        return new Table
        {
            RowCount = firstRows[^1],
            Columns = [ColumnsOf(firstRows, firstIndex)],
            Label = Labels(),
            Weights = null,
            Files = [.. _text.Files.Select((file, f) => new TableFile(file.Name, FirstRowOf(f, firstRows), hashes[f]))],
            Lines = Lines(),
            Form = _format.Form,
            Findings = [.. _format.Findings, .. _options.IndexBase is null ? [LibsvmTable.BaseFinding(firstIndex, hasZeroIndex)] : Array.Empty<string>()],
        };
    }

    CountedColumns ColumnsOf(int[] firstRows, int firstIndex)
    {
        var all = new IndexCounts();
        foreach (var counts in _counts) all.Add(counts);
        var (indices, nonzeroCounts, hasOthers) = all.Found();
        return new CountedColumns(
            _text, firstRows, [.. _chunks.SelectMany(chunk => chunk.Rows)], indices, nonzeroCounts, hasOthers, firstIndex);
    }

    int[] FirstRows()
    {
        var firstRows = new int[_chunks.Length + 1];
        for (var c = 0; c < _chunks.Length; c++) firstRows[c + 1] = firstRows[c] + _chunks[c].RowCount;
        return firstRows;
    }

    int FirstRowOf(int file, int[] firstRows)
    {
        var chunk = 0;
        while (chunk < _chunks.Length && _text.FileOf(chunk) < file) chunk++;
        return firstRows[chunk];
    }

    /// <summary>Distinct labels in the order in which they appear, as if the chunks had been read one after the other.</summary>
    TextColumn Labels()
    {
        var all = new CodedText();
        foreach (var chunk in _chunks)
        {
            var labels = chunk.Labels;
            foreach (var code in labels.Codes) all.Add(labels.Dictionary[code]);
        }
        return all.ToColumn("label");
    }

    int[] Lines()
    {
        var (lines, before, file) = (new GrowingArray<int>(), 0, 0);
        for (var c = 0; c < _chunks.Length; c++)
        {
            if (_text.FileOf(c) != file) (before, file) = (0, _text.FileOf(c));
            foreach (var line in _chunks[c].Lines) lines.Add(before + line);
            before += _chunks[c].LineCount;
        }
        return lines.ToArray();
    }
}

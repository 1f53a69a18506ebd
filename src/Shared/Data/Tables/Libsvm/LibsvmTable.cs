using System.Collections.Immutable;
using System.Text;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Libsvm;

/// <summary>Reads LIBSVM files into a table: <c>label index:value …</c>, one row a line; blank lines and comments are left out.</summary>
/// <remarks>
/// Explicit zeros are dropped, for they say nothing. A label's leading plus is dropped, so that +1 and 1 are one class.
/// </remarks>
/// <param name="indexBase">Index of the first feature as the user says; null: the model's, else from the content.</param>
/// <param name="modelBase">Index of the first feature as the model knows it; null in training.</param>
sealed class LibsvmTable(IReadOnlyList<IInputFile> files, DetectedFormat format, int? indexBase, int? modelBase = null)
{
    const int LabelCharsMax = 1024;

    readonly CodedText _labels = new();
    readonly GrowingArray<int> _lines = new();
    readonly GrowingArray<long> _rowStarts = new();
    readonly GrowingArray<int> _indices = new();
    readonly GrowingArray<double> _values = new();
    bool _hasZeroIndex;

    /// <param name="labelRequired">A line without a label is an error. Else labels are passed over.</param>
    public Table Read(bool labelRequired)
    {
        var read = ImmutableArray.CreateBuilder<TableFile>(files.Count);
        foreach (var file in files)
        {
            var firstRow = (int)_lines.Count;
            using var lines = new ByteLines(file, format.Encoding);
            while (lines.TryRead(out var line)) ReadLine(line, lines, labelRequired);
            read.Add(new TableFile(file.Name, firstRow, lines.FinishHash()));
        }
        if (_lines.Count == 0) throw FileProblems.NoRows(files[0].Name).AsException();

        _rowStarts.Add(_indices.Count);
        var firstIndex = modelBase ?? indexBase ?? (_hasZeroIndex ? 0 : 1);
        return new Table
        {
            RowCount = (int)_lines.Count,
            Columns = [new IndexedColumns(_rowStarts.ToArray(), IndicesOfModel(), _values.ToArray(), firstIndex)],
            Label = labelRequired ? _labels.ToColumn("label") : null,
            Weights = null,
            Files = read.MoveToImmutable(),
            Lines = _lines.ToArray(),
            Form = format.Form,
            Findings = [.. format.Findings, .. BaseFinding(firstIndex)],
        };
    }

    void ReadLine(ReadOnlySpan<byte> bytes, ByteLines lines, bool labelRequired)
    {
        var line = new LibsvmLine(bytes, lines.File, lines.Line);
        if (!line.SkipToToken()) return;

        var start = line.Place;
        var label = line.ReadLabel();
        if (labelRequired) AddLabel(label, start);

        _rowStarts.Add(_indices.Count);
        while (line.SkipToToken())
        {
            var place = line.Place;
            line.ReadPair(out var index, out var value);
            if (index == 0) NoteZeroIndex(place);
            if (value == 0) continue;
            _indices.Add(index);
            _values.Add(value);
        }
        _lines.Add(lines.Line);
    }

    void AddLabel(ReadOnlySpan<byte> label, LinePlace place)
    {
        if (label.IsEmpty) throw LibsvmProblems.NoLabel(place).AsException();
        if (label is [(byte)'+', >= (byte)'0' and <= (byte)'9', ..]) label = label[1..];
        Span<char> text = label.Length <= LabelCharsMax ? stackalloc char[LabelCharsMax] : new char[label.Length];
        try
        {
            _labels.Add(text[..TextEncoding.Utf8.GetChars(label, text)]);
        }
        catch (DecoderFallbackException e)
        {
            throw LibsvmProblems.LabelEncoding(place).AsException(e);
        }
    }

    void NoteZeroIndex(LinePlace place)
    {
        if ((indexBase ?? modelBase) == 1) throw LibsvmProblems.IndexZero(place).AsException();
        _hasZeroIndex = true;
    }

    /// <summary>Indices as the model counts them, where the file counts from another base.</summary>
    int[] IndicesOfModel()
    {
        var indices = _indices.ToArray();
        var shift = modelBase - indexBase ?? 0;
        if (shift == 0) return indices;
        foreach (ref var index in indices.AsSpan()) index = (int)Math.Min((long)index + shift, int.MaxValue);
        return indices;
    }

    IEnumerable<string> BaseFinding(int firstIndex)
    {
        if (indexBase is not null || modelBase is not null) yield break;
        var why = _hasZeroIndex ? "index 0 occurs" : "index 0 does not occur";
        yield return Finding.Of("indices", $"from {firstIndex} ({why}; --index-base to change)");
    }
}

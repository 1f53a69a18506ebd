using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    readonly List<int> _lines = [];
    readonly List<long> _rowStarts = [0];
    readonly List<int> _indices = [];
    readonly List<double> _values = [];
    bool _hasZeroIndex;

    /// <param name="labelRequired">A line without a label is an error; else it makes the table one without labels.</param>
    public Table Read(bool labelRequired)
    {
        var read = ImmutableArray.CreateBuilder<TableFile>(files.Count);
        foreach (var file in files)
        {
            var firstRow = _lines.Count;
            using var lines = new ByteLines(file, format.Encoding);
            while (lines.TryRead(out var line)) ReadLine(line, lines, labelRequired);
            read.Add(new TableFile(file.Name, firstRow, lines.FinishHash()));
        }
        if (_lines.Count == 0) throw FileProblems.NoRows(files[0].Name).AsException();

        ShiftToModel();
        var firstIndex = modelBase ?? indexBase ?? (_hasZeroIndex ? 0 : 1);
        return new Table
        {
            RowCount = _lines.Count,
            Columns = [new IndexedColumns(Whole(_rowStarts), Whole(_indices), Whole(_values), firstIndex)],
            Label = _labels.Count == _lines.Count ? _labels.ToColumn("label") : null,
            Weights = null,
            Files = read.MoveToImmutable(),
            Lines = Whole(_lines),
            Findings = [.. format.Findings, .. BaseFinding(firstIndex)],
        };
    }

    void ReadLine(ReadOnlySpan<byte> bytes, ByteLines lines, bool labelRequired)
    {
        var line = new LibsvmLine(bytes, lines.File, lines.Line);
        if (!line.SkipToToken()) return;

        var label = line.ReadLabel();
        if (!label.IsEmpty) AddLabel(label, line.Place);
        else if (labelRequired) throw LibsvmProblems.NoLabel(line.Place).AsException();

        while (line.SkipToToken())
        {
            var place = line.Place;
            line.ReadPair(out var index, out var value);
            if (index == 0) NoteZeroIndex(place);
            if (value == 0) continue;
            _indices.Add(index);
            _values.Add(value);
        }
        _rowStarts.Add(_indices.Count);
        _lines.Add(lines.Line);
    }

    void AddLabel(ReadOnlySpan<byte> label, LinePlace place)
    {
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

    /// <summary>A file that counts from another base than the model is brought to the model's.</summary>
    void ShiftToModel()
    {
        var shift = modelBase - indexBase ?? 0;
        if (shift == 0) return;
        foreach (ref var index in CollectionsMarshal.AsSpan(_indices)) index = (int)Math.Min((long)index + shift, int.MaxValue);
    }

    IEnumerable<string> BaseFinding(int firstIndex)
    {
        if (indexBase is not null || modelBase is not null) yield break;
        var why = _hasZeroIndex ? "index 0 occurs" : "index 0 does not occur";
        yield return Finding.Of("indices", $"from {firstIndex} ({why}; --index-base to change)");
    }

    static T[] Whole<T>(List<T> list) => [.. CollectionsMarshal.AsSpan(list)];
}

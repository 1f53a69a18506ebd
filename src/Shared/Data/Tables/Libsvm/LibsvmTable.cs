using System.Collections.Immutable;
using System.Text;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Libsvm;

/// <summary>Reads LIBSVM files into a table: <c>label index:value …</c>, one row a line; blank lines and comments are left out.</summary>
/// <remarks>
/// Explicit zeros are dropped, for they say nothing. A label's leading plus is dropped, so that +1 and 1 are one class.
/// </remarks>
/// <param name="indexBase">Index of the first feature as the user says; null: the model's, else from the content.</param>
/// <param name="modelBase">Index of the first feature as the model knows it; null in training.</param>
/// <param name="labels">The labels that there may be; null: any.</param>
sealed class LibsvmTable(
    IReadOnlyList<IInputFile> files, DetectedFormat format, BadRowLog bad, LabelRule? labels, int? indexBase, int? modelBase = null)
{
    const int LabelCharsMax = 1024;

    readonly CodedText _labels = new();
    readonly GrowingArray<int> _lines = new();
    readonly GrowingArray<long> _rowStarts = new();
    readonly GrowingArray<int> _indices = new();
    readonly GrowingArray<double> _values = new();
    bool _hasZeroIndex;
    int _rowCount;

    /// <param name="labelRequired">A line without a label is an error. Else labels are passed over.</param>
    public Table Read(bool labelRequired)
    {
        var files = ReadAll(labelRequired);
        var left = bad.Finish(_rowCount);

        _rowStarts.Add(_indices.Count);
        var firstIndex = modelBase ?? indexBase ?? (_hasZeroIndex ? 0 : 1);
        return new Table
        {
            RowCount = (int)_lines.Count,
            Columns = [new IndexedColumns(_rowStarts.ToArray(), IndicesOfModel(), _values.ToArray(), firstIndex)],
            Label = labelRequired ? _labels.ToColumn("label") : null,
            Weights = null,
            Files = files,
            Lines = _lines.ToArray(),
            Form = format.Form,
            Findings = [.. format.Findings, .. indexBase is null && modelBase is null ? [BaseFinding(firstIndex, _hasZeroIndex)] : Array.Empty<string>()],
            Bad = left,
        };
    }

    ImmutableArray<TableFile> ReadAll(bool labelRequired)
    {
        var read = ImmutableArray.CreateBuilder<TableFile>(files.Count);
        foreach (var file in files)
        {
            var firstRow = (int)_lines.Count;
            using var lines = new ByteLines(file, format.Encoding);
            while (TryRead(lines, out var line)) TakeLine(line, lines, labelRequired);
            read.Add(new TableFile(file.Name, firstRow, lines.FinishHash()));
        }
        return _rowCount > 0 ? read.MoveToImmutable() : throw FileProblems.NoRows(files[0].Name).AsException();
    }

    /// <summary>Where reading breaks off, the lines refused before are told first.</summary>
    bool TryRead(ByteLines lines, out ReadOnlySpan<byte> line)
    {
        try
        {
            return lines.TryRead(out line);
        }
        catch (DistTrainException end)
        {
            throw bad.Joined(end);
        }
    }

    /// <summary>Takes a line whole or, where it is malformed, not at all.</summary>
    void TakeLine(ReadOnlySpan<byte> bytes, ByteLines lines, bool labelRequired)
    {
        var line = new LibsvmLine(bytes, lines.File, lines.Line);
        if (!line.SkipToToken()) return;

        var firstEntry = _indices.Count;
        try
        {
            ReadLine(line, labelRequired);
            _rowStarts.Add(firstEntry);
            _lines.Add(lines.Line);
        }
        catch (DistTrainException e)
        {
            _indices.Truncate(firstEntry);
            _values.Truncate(firstEntry);
            bad.Take(e.Problem, _rowCount, !bad.WantsText ? "" : Encoding.UTF8.GetString(bytes.TrimEnd("\r"u8)));
        }
        _rowCount++;
    }

    /// <summary>Reads the label and the pairs; the label is kept last, when nothing can fail any more.</summary>
    void ReadLine(LibsvmLine line, bool labelRequired)
    {
        var start = line.Place;
        var bytes = line.ReadLabel();
        Span<char> buffer = bytes.Length <= LabelCharsMax ? stackalloc char[LabelCharsMax] : new char[bytes.Length];
        var label = labelRequired ? LabelOf(bytes, start, buffer) : [];

        var hasZeroIndex = false;
        while (line.SkipToToken())
        {
            var place = line.Place;
            line.ReadPair(out var index, out var value);
            if (index == 0 && (indexBase ?? modelBase) == 1) throw LibsvmProblems.IndexZero(place).AsException();
            hasZeroIndex |= index == 0;
            if (value == 0) continue;
            _indices.Add(index);
            _values.Add(value);
        }
        _hasZeroIndex |= hasZeroIndex;
        if (labelRequired) _labels.Add(label);
    }

    ReadOnlySpan<char> LabelOf(ReadOnlySpan<byte> bytes, LinePlace place, Span<char> buffer)
    {
        if (bytes.IsEmpty) throw LibsvmProblems.NoLabel(place).AsException();
        if (bytes is [(byte)'+', >= (byte)'0' and <= (byte)'9', ..]) bytes = bytes[1..];
        var label = Decoded(bytes, place, buffer);
        if (labels is null || labels.Allows(label.ToString())) return label;
        throw labels.ProblemOf(label.ToString(), place.ToString(), place.File, place.Line).AsException();
    }

    static ReadOnlySpan<char> Decoded(ReadOnlySpan<byte> label, LinePlace place, Span<char> buffer)
    {
        try
        {
            return buffer[..TextEncoding.Utf8.GetChars(label, buffer)];
        }
        catch (DecoderFallbackException e)
        {
            throw LibsvmProblems.LabelEncoding(place).AsException(e);
        }
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

    /// <summary>What is told of an index base that nobody said.</summary>
    internal static string BaseFinding(int firstIndex, bool hasZeroIndex)
    {
        var why = hasZeroIndex ? "index 0 occurs" : "index 0 does not occur";
        return Finding.Of("indices", $"from {firstIndex} ({why}; --index-base to change)");
    }
}

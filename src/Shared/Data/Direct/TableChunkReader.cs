using System.Runtime.CompilerServices;
using DistTrain.Data.Preparation;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Reads the rows of chunks into the columns of a table; one for each thread.</summary>
/// <param name="room">All threads write to it, each to the rows of its chunk.</param>
sealed class TableChunkReader(DirectInput input, TableRoom room)
{
    readonly int[] _targets = RowShape.TargetsOf(input.CellCount, input.Roles);
    readonly bool[] _allowsMissing = [.. input.Roles.Features.Select(feature => feature is NumericColumnReader { AllowsMissing: true })];
    readonly TextCodes[] _texts = [.. room.Codes.Select(_ => new TextCodes())];
    readonly CellEnds _ends = new(input.Delimiter, input.CellCount);
    readonly LineBuffer _text = new();
    readonly byte _delimiter = input.Delimiter;
    char[] _chars = new char[64];

    /// <summary>Of all rows read.</summary>
    public ColumnFindings Findings { get; } = new(input.Roles.Features.Length);

    /// <summary>Reads a chunk.</summary>
    /// <param name="line">The line that it starts on.</param>
    /// <returns>For each text column the texts that its codes stand for; null where a row is out of the ordinary.</returns>
    [MethodImpl(Compilation.Full)]
    public string[][]? Read(CountedStretch chunk, int line)
    {
        var file = input.Files[chunk.Chunk.File];
        if (!_text.TryReadLines(file.Bytes, file.DataStart, chunk.Chunk.Start, chunk.Chunk.End)) return null;

        var lines = _text.Text;
        var row = 0;
        for (var at = 0; at < _text.Length; line++)
        {
            if (DirectFile.IsBlank(lines, at))
            {
                at += lines[at..].IndexOf((byte)'\n') + 1;
                continue;
            }
            if (row == chunk.RowCount || lines[at] == RowSink.MarkFirst || !TryReadRow(lines, ref at, chunk.FirstRow + row)) return null;
            room.Lines[chunk.FirstRow + row++] = line;
        }
        return row == chunk.RowCount ? Array.ConvertAll(_texts, texts => texts.Finish()) : null;
    }

    bool TryReadRow(ReadOnlySpan<byte> text, ref int at, int row)
    {
        if (!(_ends.TryFind(text, at) && TryReadFound(text, at, row, out var end)) && !TryReadInTurn(text, at, row, out end)) return false;
        at = text[end] == '\r' ? end + 2 : end + 1;
        return true;
    }

    /// <summary>Reads cells whose ends are known. False also where one ends elsewhere: in quotes, a delimiter is none.</summary>
    [MethodImpl(Compilation.Full)]
    bool TryReadFound(ReadOnlySpan<byte> text, int start, int row, out int end)
    {
        var ends = _ends.Offsets;
        end = ends[^1];
        if (!PlainCell.IsPlain(text[start..end])) return false;
        for (var cell = 0; cell < ends.Length; cell++)
        {
            if (!TryTake(text, start, ends[cell], _targets[cell], row)) return false;
            start = ends[cell] + 1;
        }
        return true;
    }

    bool TryReadInTurn(ReadOnlySpan<byte> text, int start, int row, out int end)
    {
        end = start;
        for (var cell = 0; cell < _targets.Length; cell++)
        {
            if (!PlainCell.TryFind(text, start, _delimiter, cell == _targets.Length - 1, out var from, out var to, out end)) return false;
            if (!TryTake(text, from, to, _targets[cell], row)) return false;
            start = end + 1;
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryTake(ReadOnlySpan<byte> text, int from, int to, int target, int row) => target switch
    {
        RowShape.Label => from < to && TryTakeText(text, from, to, room.LabelText, row),
        RowShape.Weight => TryTakeWeight(text[from..to], row),
        RowShape.Ignored => System.Text.Unicode.Utf8.IsValid(text[from..to]),
        _ when room.Numbers[target] is { } numbers => TryTakeNumber(text, from, to, target, ref numbers[row]),
        _ => TryTakeText(text, from, to, room.TextOf[target], row),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryTakeText(ReadOnlySpan<byte> text, int from, int to, int column, int row)
    {
        var code = _texts[column].CodeOf(text, from, to);
        room.Codes[column][row] = code;
        return code != TextCodes.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryTakeNumber(ReadOnlySpan<byte> text, int from, int to, int feature, ref double number)
    {
        if (!ShortDecimal.TryRead(text, from, to, out number)) return TryTakeOther(text[from..to], feature, ref number);
        Findings.HasNumbers[feature] = true;
        return true;
    }

    /// <summary>A cell that is no short number. What a feature of numbers must not have is noted, as the column may turn out to be text.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryTakeOther(ReadOnlySpan<byte> content, int feature, ref double number)
    {
        if (!TryDecode(content, out var chars)) return false;
        switch (DecimalText.Read(chars, out number))
        {
            case NumberKind.Finite when Math.Abs(number) <= FeatureContents.AbsoluteMax:
                Findings.HasNumbers[feature] = true;
                break;
            case NumberKind.Empty when _allowsMissing[feature]:
                number = double.NaN;
                break;
            case NumberKind.Text:
                Findings.IsText[feature] = true;
                break;
            default:
                Findings.IsOdd[feature] = true;
                break;
        }
        return true;
    }

    bool TryTakeWeight(ReadOnlySpan<byte> content, int row)
    {
        if (!TryDecode(content, out var chars) || DecimalText.Read(chars, out var weight) is not NumberKind.Finite) return false;
        room.Weights![row] = (float)weight;
        return weight >= 0 && float.IsFinite((float)weight);
    }

    bool TryDecode(ReadOnlySpan<byte> content, out ReadOnlySpan<char> chars)
    {
        chars = default;
        if (!System.Text.Unicode.Utf8.IsValid(content)) return false;
        if (_chars.Length < content.Length) _chars = new char[2 * content.Length];
        chars = _chars.AsSpan(0, TextEncoding.Utf8.GetChars(content, _chars));
        return true;
    }
}

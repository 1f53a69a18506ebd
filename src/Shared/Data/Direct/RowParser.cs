using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Preparation;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Takes one row after the other apart. Whatever is out of the ordinary it refuses, without saying why.</summary>
sealed class RowParser(RowShape shape)
{
    /// <summary>What a number may consist of; DecimalText settles what it is.</summary>
    static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789+-.eE "u8);

    /// <summary>Bytes that must follow the last line end of a text, whatever they are.</summary>
    public const int BytesBehind = CellEnds.BytesBehind;

    readonly CellEnds _ends = new(shape.Delimiter, shape.Targets.Length);
    readonly int[] _targets = shape.Targets;
    readonly bool[] _startsFour = StartsOfFour(shape.Targets);
    readonly byte _delimiter = shape.Delimiter;
    char[] _label = new char[64];
    int _labelLength;

    /// <summary>The row's features, finite and of at most <see cref="FeatureContents.AbsoluteMax"/>.</summary>
    public double[] Values { get; } = new double[shape.FeatureCount];

    public ReadOnlySpan<char> Label => _label.AsSpan(0, _labelLength);

    /// <summary>1 where the rows have none.</summary>
    public float Weight { get; private set; } = 1;

    /// <summary>Reads the row that starts at <paramref name="at"/>, and goes behind its line end.</summary>
    /// <param name="text">It ends with a line end, behind which <see cref="BytesBehind"/> bytes follow.</param>
    /// <returns>False where the row must be looked at in another way.</returns>
    public bool TryRead(ReadOnlySpan<byte> text, ref int at)
    {
        if (!(_ends.TryFind(text, at) && TryReadFound(text, at, out var end)) && !TryReadInTurn(text, at, out end)) return false;
        at = text[end] == '\r' ? end + 2 : end + 1;
        return true;
    }

    /// <summary>Reads cells whose ends are known. False also where one ends elsewhere: in quotes, a delimiter is none.</summary>
    [MethodImpl(Compilation.Full)]
    bool TryReadFound(ReadOnlySpan<byte> text, int start, out int end)
    {
        var ends = _ends.Offsets;
        end = start;
        for (var cell = 0; cell < ends.Length;)
        {
            var next = _startsFour[cell] ? cell + FourDecimals.Count : cell + 1;
            if (next - cell == FourDecimals.Count && FourDecimals.TryRead(text, start, ends[cell..next], out var values))
            {
                values.CopyTo(Values.AsSpan(_targets[cell]));
            }
            else if (!TryReadSingly(text, start, cell, next))
            {
                return false;
            }
            end = ends[next - 1];
            start = end + 1;
            cell = next;
        }
        return true;
    }

    [MethodImpl(Compilation.Full)]
    bool TryReadSingly(ReadOnlySpan<byte> text, int start, int cell, int cellEnd)
    {
        for (; cell < cellEnd; cell++)
        {
            var (target, end) = (_targets[cell], _ends.Offsets[cell]);
            var isRead = target >= 0 && ShortDecimal.TryRead(text, start, end, out Values[target]);
            if (!isRead && !(TryReadCell(text, start, cell, out var found) && found == end)) return false;
            start = end + 1;
        }
        return true;
    }

    /// <summary>For each cell, whether it and those behind it are the next <see cref="FourDecimals.Count"/> features.</summary>
    static bool[] StartsOfFour(int[] targets) =>
    [
        .. targets.Select((target, cell) => target >= 0 && cell + FourDecimals.Count <= targets.Length
            && Enumerable.Range(1, FourDecimals.Count - 1).All(i => targets[cell + i] == target + i)),
    ];

    bool TryReadInTurn(ReadOnlySpan<byte> text, int start, out int end)
    {
        end = start;
        for (var cell = 0; cell < _targets.Length; cell++)
        {
            if (!TryReadCell(text, start, cell, out end)) return false;
            start = end + 1;
        }
        return true;
    }

    bool TryReadCell(ReadOnlySpan<byte> text, int start, int cell, out int end)
    {
        if (!PlainCell.TryFind(text, start, _delimiter, cell == _targets.Length - 1, out var from, out var to, out end)) return false;
        var content = text[from..to];
        return _targets[cell] switch
        {
            RowShape.Label => TryTakeLabel(content),
            RowShape.Weight => TryTakeWeight(content),
            RowShape.Ignored => Utf8IsValid(content),
            var feature => TryReadNumber(content, out Values[feature]) && Math.Abs(Values[feature]) <= FeatureContents.AbsoluteMax,
        };
    }

    static bool TryReadNumber(ReadOnlySpan<byte> content, out double value)
    {
        value = 0;
        return content.IndexOfAnyExcept(OfNumbers) < 0 && DecimalText.Read(content, out value) is NumberKind.Finite;
    }

    bool TryTakeWeight(ReadOnlySpan<byte> content)
    {
        if (!TryReadNumber(content, out var value) || !(value >= 0)) return false;
        Weight = (float)value;
        return float.IsFinite(Weight);
    }

    bool TryTakeLabel(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || !Utf8IsValid(content)) return false;
        if (_label.Length < content.Length) _label = new char[2 * content.Length];
        _labelLength = TextEncoding.Utf8.GetChars(content, _label);
        return true;
    }

    static bool Utf8IsValid(ReadOnlySpan<byte> content) => System.Text.Unicode.Utf8.IsValid(content);
}

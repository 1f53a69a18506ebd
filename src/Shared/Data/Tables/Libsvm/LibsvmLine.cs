using System.Runtime.CompilerServices;
using DistTrain.Data.Preparation;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Libsvm;

/// <summary>Walks along one line: the label, then the pairs.</summary>
/// <param name="line">Without its line end.</param>
ref struct LibsvmLine(ReadOnlySpan<byte> line, string file, int lineNumber)
{
    const byte Comment = (byte)'#';

    readonly ReadOnlySpan<byte> _line = line;
    int _at;
    long _previous = -1;

    /// <summary>Goes to the next token; false at the end of the line or at a comment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool SkipToToken()
    {
        while (_at < _line.Length && IsSpace(_line[_at])) _at++;
        return _at < _line.Length && _line[_at] != Comment;
    }

    /// <summary>The label, which the line is at; empty where the first token is a pair.</summary>
    public ReadOnlySpan<byte> ReadLabel()
    {
        var token = Token(_at);
        if (token.Contains((byte)':')) return [];
        _at += token.Length;
        return token;
    }

    /// <summary>Reads the pair that the line is at.</summary>
    public void ReadPair(out int index, out double value)
    {
        var start = _at;
        index = ReadIndex(start);
        if (index <= _previous) throw LibsvmProblems.Order(PlaceOf(start), index, _previous).AsException();
        _previous = index;

        var rest = _line[_at..];
        if (DecimalText.TryReadPrefix(rest, out value, out var length) && (length == rest.Length || EndsToken(rest[length]))) _at += length;
        else value = ReadUncommonValue(start);
        if (Math.Abs(value) > FeatureContents.AbsoluteMax) throw LibsvmProblems.TooLarge(PlaceOf(start), Token(start)).AsException();
    }

    public readonly LinePlace Place => PlaceOf(_at);

    int ReadIndex(int start)
    {
        var index = 0UL;
        for (; _at < _line.Length && index <= int.MaxValue; _at++)
        {
            var digit = (uint)(_line[_at] - '0');
            if (digit > 9) break;
            index = index * 10 + digit;
        }

        var isWhole = _at > start && _at < _line.Length && _line[_at] == ':';
        if (index > int.MaxValue) throw LibsvmProblems.IndexRange(PlaceOf(start), Digits(start)).AsException();
        if (!isWhole) throw Refused(start).AsException();
        _at++;
        return (int)index;
    }

    /// <summary>A value with an exponent, many digits, or something else.</summary>
    double ReadUncommonValue(int start)
    {
        var token = Token(_at);
        var kind = DecimalText.Read(token, out var value);
        if (kind is NumberKind.NotFinite) throw LibsvmProblems.Value(Place, token).AsException();
        if (kind is not NumberKind.Finite) throw Refused(start).AsException();
        _at += token.Length;
        return value;
    }

    readonly Problems.Problem Refused(int start)
    {
        var token = Token(start);
        return token.StartsWith("qid:"u8) ? LibsvmProblems.QueryId(PlaceOf(start)) : LibsvmProblems.Pair(PlaceOf(start), token);
    }

    readonly ReadOnlySpan<byte> Token(int start)
    {
        var end = start;
        while (end < _line.Length && !EndsToken(_line[end])) end++;
        return _line[start..end];
    }

    readonly ReadOnlySpan<byte> Digits(int start)
    {
        var token = Token(start);
        return token.IndexOf((byte)':') is var colon and >= 0 ? token[..colon] : token;
    }

    readonly LinePlace PlaceOf(int at) => new(file, lineNumber, at + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool EndsToken(byte b) => IsSpace(b) || b == Comment;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';
}

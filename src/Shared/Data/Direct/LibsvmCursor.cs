using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DistTrain.Data.Preparation;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Direct;

/// <summary>
/// Walks along the rows of some whole lines of LIBSVM, quickly: whatever the careful reading would have something to say of is odd here, and
/// ends the walk.
/// </summary>
/// <remarks>An index of up to seven digits is read as one number of eight bytes, without a branch for each digit.</remarks>
ref struct LibsvmCursor
{
    /// <summary>Zero bytes that must follow the text.</summary>
    public const int PaddingBytes = 8;

    const byte LineEnd = (byte)'\n';
    const byte Comment = (byte)'#';
    const ulong Zeros = 0x3030_3030_3030_3030;
    const ulong BeyondNine = 0x7676_7676_7676_7676;
    const ulong HighBits = 0x8080_8080_8080_8080;

    readonly ref byte _text;
    readonly int _length;
    int _at;
    long _previous;

    /// <param name="padded">Nothing, or whole lines, the last one ended too, and <see cref="PaddingBytes"/> behind them.</param>
    public LibsvmCursor(ReadOnlySpan<byte> padded)
    {
        _text = ref MemoryMarshal.GetReference(padded);
        _length = padded.Length - PaddingBytes;
    }

    /// <summary>Lines begun so far: the number of the line that the cursor is at, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Goes to the first token of the next line that has one; false at the end of the text.</summary>
    public bool NextRow()
    {
        if (Line > 0) SkipLine();
        while (_at < _length)
        {
            Line++;
            _previous = -1;
            SkipSpaces();
            if (Current is not (LineEnd or Comment)) return true;
            SkipLine();
        }
        return false;
    }

    /// <summary>Reads the label, which the cursor is at; false where it is odd. Without the plus of a number.</summary>
    public bool TryReadLabel(out ReadOnlySpan<byte> label)
    {
        label = TokenAt(_at);
        _at += label.Length;
        if (label is [(byte)'+', >= (byte)'0' and <= (byte)'9', ..]) label = label[1..];
        return !label.Contains((byte)':');
    }

    /// <summary>Passes by a label, if the row has one: the cursor is at it, or at the first pair.</summary>
    public void SkipLabel()
    {
        var token = TokenAt(_at);
        if (!token.Contains((byte)':')) _at += token.Length;
    }

    /// <summary>Reads the next pair of the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NextPair ReadPair(out int index, out double value)
    {
        (index, value) = (0, 1);
        SkipSpaces();
        if (Current is LineEnd or Comment) return NextPair.None;

        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _text, _at)) ^ Zeros;
        var others = (word + BeyondNine | word) & HighBits;
        var digitCount = BitOperations.TrailingZeroCount(others) / 8;
        if (digitCount is 0 or 8)
        {
            if (!TryReadLongIndex(out index)) return NextPair.Odd;
        }
        else
        {
            index = NumberOf(word << (64 - 8 * digitCount));
            _at += digitCount;
        }
        if (index <= _previous || Current != ':') return NextPair.Odd;
        _previous = index;
        _at++;
        return TryReadOne() || TryReadValue(ref value) ? NextPair.Read : NextPair.Odd;
    }

    readonly byte Current => Unsafe.Add(ref _text, _at);

    readonly ReadOnlySpan<byte> Rest => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _text, _at), _length - _at);

    /// <summary>The number whose eight digits, the first in the lowest byte, are in <paramref name="digits"/>.</summary>
    static int NumberOf(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        var pairs = (digits & 0x00FF_00FF_00FF_00FF) * ((100UL << 16) + 1) >> 16;
        return (int)((pairs & 0x0000_FFFF_0000_FFFF) * ((10_000UL << 32) + 1) >> 32);
    }

    bool TryReadLongIndex(out int index)
    {
        var number = 0L;
        var first = _at;
        for (; Current is >= (byte)'0' and <= (byte)'9' && number <= int.MaxValue; _at++) number = number * 10 + (Current - '0');
        index = (int)number;
        return _at > first && number <= int.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryReadOne()
    {
        if (Current != '1' || Unsafe.Add(ref _text, _at + 1) is not ((byte)' ' or LineEnd)) return false;
        _at++;
        return true;
    }

    bool TryReadValue(ref double value)
    {
        if (!DecimalText.TryReadPrefix(Rest, out value, out var length) || !EndsToken(Unsafe.Add(ref _text, _at + length)))
        {
            var token = TokenAt(_at);
            if (DecimalText.Read(token, out value) is not NumberKind.Finite) return false;
            length = token.Length;
        }
        _at += length;
        return Math.Abs(value) <= FeatureContents.AbsoluteMax;
    }

    readonly ReadOnlySpan<byte> TokenAt(int start)
    {
        var end = start;
        while (!EndsToken(Unsafe.Add(ref _text, end))) end++;
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _text, start), end - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void SkipSpaces()
    {
        while (Current is (byte)' ' or (byte)'\t' or (byte)'\r') _at++;
    }

    void SkipLine() => _at += Rest.IndexOf(LineEnd) + 1;

    static bool EndsToken(byte b) => b is (byte)' ' or LineEnd or (byte)'\t' or (byte)'\r' or Comment;
}

/// <summary>What comes next in a row of LIBSVM.</summary>
enum NextPair
{
    /// <summary>The row ends.</summary>
    None,

    /// <summary>A pair, which was read.</summary>
    Read,

    /// <summary>Something else.</summary>
    Odd,
}

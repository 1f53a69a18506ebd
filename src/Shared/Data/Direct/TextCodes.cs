using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using DistTrain.Data.Tables.Input;

namespace DistTrain.Data.Direct;

/// <summary>The distinct texts of a column's cells in a chunk, numbered in order of first appearance.</summary>
/// <remarks>Columns of text hold few texts, most of them short: those met lately are told by their bytes, without making text of them.</remarks>
sealed class TextCodes
{
    /// <summary>Bytes that must follow a text, whatever they are.</summary>
    public const int BytesBehind = WordBytes;

    /// <summary>What a text that is no UTF-8 has.</summary>
    public const int None = -1;

    const int WordBytes = sizeof(ulong);
    const int RecentLengthMax = 2 * WordBytes;
    const int RecentBits = 8;

    readonly Recent[] _recents = new Recent[1 << RecentBits];
    readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _codeOfSpan;
    readonly List<string> _texts = [];
    char[] _chars = new char[64];

    public TextCodes()
    {
        _codeOfSpan = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
        Finish();
    }

    /// <summary>The number of the text from <paramref name="from"/> to before <paramref name="to"/>; <see cref="None"/> where it is no UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodeOf(ReadOnlySpan<byte> text, int from, int to)
    {
        var length = to - from;
        if (length > RecentLengthMax) return Looked(text[from..to]);

        var low = BinaryPrimitives.ReadUInt64LittleEndian(text[from..]);
        var high = 0UL;
        if (length < WordBytes) low &= (1UL << 8 * length) - 1;
        else high = BinaryPrimitives.ReadUInt64LittleEndian(text[(to - WordBytes)..]);
        ref var recent = ref _recents[((low ^ high * 0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93) >> (64 - RecentBits)];
        if (recent.Low != low || recent.High != high || recent.Length != length)
        {
            var code = Looked(text[from..to]);
            if (code == None) return None;
            recent = new Recent(low, high, length, code);
        }
        return recent.Code;
    }

    /// <summary>The texts so far; what follows is numbered from 0 again.</summary>
    public string[] Finish()
    {
        var texts = _texts.ToArray();
        _texts.Clear();
        _codeOf.Clear();
        Array.Fill(_recents, new Recent(0, 0, Length: -1, None));
        return texts;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Looked(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) return None;
        if (_chars.Length < text.Length) _chars = new char[2 * text.Length];
        var chars = _chars.AsSpan(0, TextEncoding.Utf8.GetChars(text, _chars));
        if (_codeOfSpan.TryGetValue(chars, out var code)) return code;

        var added = chars.ToString();
        _codeOf.Add(added, _texts.Count);
        _texts.Add(added);
        return _texts.Count - 1;
    }

    /// <summary>A text by its bytes: the first eight and the last eight, or all of fewer.</summary>
    readonly record struct Recent(ulong Low, ulong High, int Length, int Code);
}

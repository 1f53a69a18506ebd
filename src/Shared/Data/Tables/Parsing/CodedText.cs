using System.Runtime.InteropServices;

namespace DistTrain.Data.Tables.Parsing;

/// <summary>A growing column of texts, each distinct one kept once, numbered in order of first appearance.</summary>
sealed class CodedText
{
    readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _codeOfSpan;
    readonly List<string> _dictionary = [];
    readonly List<int> _codes = [];

    public CodedText() => _codeOfSpan = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _codes.Count;

    /// <summary>Adds a text that has been there before; false where it has not.</summary>
    public bool TryAdd(ReadOnlySpan<char> text)
    {
        if (!_codeOfSpan.TryGetValue(text, out var code)) return false;
        _codes.Add(code);
        return true;
    }

    /// <summary>Adds a text for the first time.</summary>
    /// <param name="key">What <see cref="TryAdd"/> will be asked for.</param>
    /// <param name="text">What the dictionary shows for it.</param>
    public void AddNew(ReadOnlySpan<char> key, string text)
    {
        _codeOfSpan[key] = _dictionary.Count;
        _codes.Add(_dictionary.Count);
        _dictionary.Add(text);
    }

    public void Add(ReadOnlySpan<char> text)
    {
        if (!TryAdd(text)) AddNew(text, text.ToString());
    }

    public TextColumn ToColumn(string name) => new(name, [.. CollectionsMarshal.AsSpan(_codes)], [.. _dictionary]);
}

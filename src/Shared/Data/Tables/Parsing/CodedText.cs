namespace DistTrain.Data.Tables.Parsing;

/// <summary>A growing column of texts, each distinct one kept once, numbered in order of first appearance.</summary>
sealed class CodedText
{
    readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _codeOfSpan;
    readonly List<string> _dictionary = [];
    readonly GrowingArray<int> _codes = new();
    string _newestKey = "";
    long _newestAt = -1;

    public CodedText() => _codeOfSpan = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();

    public long Count => _codes.Count;

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
        _newestKey = key.SequenceEqual(text) ? text : key.ToString();
        _newestAt = _codes.Count;
        _codeOf[_newestKey] = _dictionary.Count;
        _codes.Add(_dictionary.Count);
        _dictionary.Add(text);
    }

    /// <summary>Takes back what was added last; a text that came in with it goes too.</summary>
    public void RemoveLast()
    {
        _codes.Truncate(_codes.Count - 1);
        if (_newestAt != _codes.Count) return;
        _codeOf.Remove(_newestKey);
        _dictionary.RemoveAt(_dictionary.Count - 1);
        _newestAt = -1;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        if (!TryAdd(text)) AddNew(text, text.ToString());
    }

    public TextColumn ToColumn(string name) => new(name, _codes.ToArray(), [.. _dictionary]);
}

using System.Globalization;

namespace DistTrain.Data.Samples;

/// <summary>The <c>key=value</c> pairs of a sample's specification.</summary>
sealed class SampleArguments
{
    readonly string _sample;
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    SampleArguments(string sample) => _sample = sample;

    /// <param name="parts">The sample's name, then its pairs.</param>
    /// <param name="keys">The keys that it knows.</param>
    public static SampleArguments Parse(ReadOnlySpan<string> parts, IReadOnlyList<string> keys)
    {
        var arguments = new SampleArguments(parts[0]);
        foreach (var part in parts[1..])
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2) throw SampleProblems.NoPair(parts[0], part, keys).AsException();
            if (!keys.Contains(pair[0])) throw SampleProblems.UnknownKey(parts[0], pair[0], keys).AsException();
            if (!arguments._values.TryAdd(pair[0], pair[1])) throw SampleProblems.Twice(parts[0], pair[0]).AsException();
        }
        return arguments;
    }

    public int Number(string key, int missing, int min, int max)
    {
        if (!_values.TryGetValue(key, out var text)) return Math.Clamp(missing, min, max);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw SampleProblems.NoNumber(_sample, key, text).AsException();
        return value >= min && value <= max ? (int)value : throw SampleProblems.OutOfRange(_sample, key, value, min, max).AsException();
    }

    public ulong Seed()
    {
        if (!_values.TryGetValue("seed", out var text)) return 1;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw SampleProblems.NoNumber(_sample, "seed", text).AsException();
    }

    /// <summary>One of <paramref name="words"/>, the first being the default.</summary>
    public string Word(string key, IReadOnlyList<string> words)
    {
        var word = _values.GetValueOrDefault(key, words[0]);
        return words.Contains(word) ? word : throw SampleProblems.UnknownWord(_sample, key, word, words).AsException();
    }
}

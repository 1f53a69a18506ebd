using DistTrain.Problems;

namespace DistTrain.Data.Samples;

/// <summary>What is wrong with a sample's specification: DT22xx (cannot be parsed) and DT321x (cannot work).</summary>
static class SampleProblems
{
    public static Problem UnknownName(string name, IReadOnlyList<string> names) =>
        Unparsed("DT2201", $"there is no sample \"{name}\"", names, name);

    public static Problem UnknownKey(string sample, string key, IReadOnlyList<string> keys) =>
        Unparsed("DT2202", $"sample:{sample} has no key \"{key}\"", keys, key);

    public static Problem NoPair(string sample, string part, IReadOnlyList<string> keys) =>
        new("DT2203", ExitCode.CommandLine, $"sample:{sample}: \"{part}\" is not key=value",
            $"expected: one of {Listed(keys)}, each with =value");

    public static Problem Twice(string sample, string key) =>
        new("DT2204", ExitCode.CommandLine, $"sample:{sample}: {key} is given twice", "expected: each key once");

    public static Problem NoNumber(string sample, string key, string value) =>
        new("DT2205", ExitCode.CommandLine, $"sample:{sample}: {key}={value} is not a whole number",
            $"expected: digits, such as {key}=1000");

    public static Problem UnknownWord(string sample, string key, string word, IReadOnlyList<string> words) =>
        Unparsed("DT2206", $"sample:{sample}: {key}={word} is unknown", words, word);

    public static Problem OutOfRange(string sample, string key, long value, long min, long max) =>
        new("DT3211", ExitCode.Configuration, FormattableString.Invariant($"sample:{sample}: {key}={value} is out of range"),
            FormattableString.Invariant($"expected: {min} to {max}"));

    public static Problem TooLarge(string sample, long cells, long max) =>
        new("DT3212", ExitCode.Configuration, FormattableString.Invariant($"sample:{sample}: {cells} values are too many"),
            FormattableString.Invariant($"expected: rows times values of a row of at most {max}"));

    public static Problem TooLargeForMemory(string sample, long cells, long max) =>
        new("DT3212", ExitCode.Configuration, FormattableString.Invariant($"sample:{sample}: {cells} values are too many for a table"),
            FormattableString.Invariant($"expected: rows times values of a row of at most {max}"),
            "fix: prepare it first; a dataset on disk may be larger than memory");

    static Problem Unparsed(string code, string message, IReadOnlyList<string> known, string unknown) =>
        new(code, ExitCode.CommandLine, message, [$"expected: one of {Listed(known)}", .. Suggestion.DidYouMean(unknown, known)]);

    static string Listed(IReadOnlyList<string> words) => string.Join(", ", words);
}

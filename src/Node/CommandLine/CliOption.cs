using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DistTrain.Node.CommandLine;

/// <summary>The kinds of options there are. What cannot be parsed is said as found, expected, suggestion.</summary>
/// <remarks>An error message's first line is the message, the others are its details (<see cref="CommandLine"/>).</remarks>
static class CliOption
{
    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>A finite or infinite number; its range is judged with the others' later.</summary>
    public static Option<double> Number(string name, string description, double defaultValue) => new(name)
    {
        HelpName = "F",
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = Parser<double>("a number, such as 1e-4", TryNumber),
    };

    /// <summary>A number that may be left out.</summary>
    public static Option<double?> OptionalNumber(string name, string description) => new(name)
    {
        HelpName = "F",
        Description = description,
        CustomParser = Parser<double?>("a number, such as 0.05", (string text, out double? value) =>
        {
            var parsed = TryNumber(text, out var number);
            value = number;
            return parsed;
        }),
    };

    /// <summary>One number, or several between commas.</summary>
    public static Option<double[]> Numbers(string name, string description, double defaultValue) => new(name)
    {
        HelpName = "F[,F…]",
        Description = description,
        DefaultValueFactory = _ => [defaultValue],
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            double?[] numbers = [.. text.Split(',').Select(part => TryNumber(part, out var number) ? number : (double?)null)];
            if (Array.TrueForAll(numbers, number => number is not null)) return Array.ConvertAll(numbers, number => number!.Value);
            var expected = numbers.Length == 1 ? "a number, such as 1e-4" : "numbers between commas, such as 1e-6,1e-5,1e-4";
            result.AddError($"{name} is \"{text}\"\nexpected: {expected}");
            return null;
        },
    };

    /// <summary>A length of time (<see cref="DurationText"/>) that may be left out.</summary>
    public static Option<TimeSpan?> OptionalDuration(string name, string description) => new(name)
    {
        HelpName = "DURATION",
        Description = description,
        CustomParser = Parser<TimeSpan?>($"a duration, such as {DurationText.Examples}", (string text, out TimeSpan? value) =>
        {
            value = DurationText.Parse(text);
            return value is not null;
        }),
    };

    public static Option<int> Count(string name, string description, int defaultValue) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = Parser<int>("a whole number", TryCount),
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> OptionalCount(string name, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = Parser<int?>("a whole number", (string text, out int? value) =>
        {
            var parsed = TryCount(text, out var number);
            value = number;
            return parsed;
        }),
    };

    /// <summary>A count of rows, or a share of them (<see cref="CommandLine.BadRowLimit"/>); may be left out.</summary>
    public static Option<string?> BadRowLimit(string name, string description) => new(name)
    {
        HelpName = "N|P%",
        Description = description,
        CustomParser = Parser<string?>("a whole number of rows, or a share of all rows such as 0.5%", (string text, out string? value) =>
        {
            value = text;
            return CommandLine.BadRowLimit.TryParse(text, out _);
        }),
    };

    /// <summary>Bytes, as in 800M or 2GiB; may be left out.</summary>
    public static Option<long?> OptionalSize(string name, string description) => new(name)
    {
        HelpName = "SIZE",
        Description = description,
        CustomParser = Parser<long?>("bytes, or a number with K, M, G or T (powers of 1024), such as 8G", (string text, out long? value) =>
        {
            var parsed = ByteSize.TryParse(text, out var bytes);
            value = bytes;
            return parsed;
        }),
    };

    public static Option<ulong> Seed(string name, string description, ulong defaultValue) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = Parser<ulong>("a whole number of at least 0", (string text, out ulong value) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)),
    };

    /// <summary>Names between commas (<see cref="NameList"/>); the option may be given several times.</summary>
    public static Option<string[]> Names(string name, string description) => new(name)
    {
        HelpName = "NAME,…",
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.SelectMany(token => NameList.Parse(token.Value))],
    };

    /// <summary>A length of time or a number of steps (<see cref="CommandLine.CheckpointEvery"/>).</summary>
    public static Option<string?> CheckpointEvery(string name, string description) => new(name)
    {
        HelpName = "DURATION|Nsteps",
        Description = description,
        CustomParser = Parser<string?>(CommandLine.CheckpointEvery.Expected, (string text, out string? value) =>
        {
            value = text;
            return CommandLine.CheckpointEvery.Parse(text) is not null;
        }),
    };

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string description, string? defaultValue, params string[] words) => new(name)
    {
        HelpName = string.Join('|', words),
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (words.Contains(text, StringComparer.Ordinal) || NotYet.HasValue(name, text)) return text;
            var suggestion = Problems.Suggestion.For(text, words) is { } near ? $"\ndid you mean \"{near}\"?" : "";
            result.AddError($"{name} is \"{text}\"\nexpected: {string.Join(", ", words)}{suggestion}");
            return null;
        },
    };

    delegate bool TryParse<T>(string text, out T value);

    static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    static bool TryCount(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    static Func<ArgumentResult, T?> Parser<T>(string expected, TryParse<T> tryParse) => result =>
    {
        var text = result.Tokens[0].Value;
        if (tryParse(text, out var value)) return value;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} is \"{text}\"\nexpected: {expected}");
        return default;
    };
}

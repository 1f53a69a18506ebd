using System.Collections.Immutable;
using System.Text.Json;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports;

/// <summary>The options of a run as its options.json has them.</summary>
sealed record RunOptions(string Command, ImmutableArray<string> Inputs, ImmutableArray<RunOption> Options)
{
    const string CommandLine = "command line";

    /// <summary>Options that say where a result goes or how it came there, not what it is: a repetition has its own.</summary>
    static readonly string[] OfTheOutput = ["out", "json", "quiet", "resume"];

    public static RunOptions Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        return new RunOptions(
            root.GetProperty("command").GetString()!,
            [.. root.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()!)],
            [.. root.GetProperty("options").EnumerateObject().Select(OptionOf)]);
    }

    /// <summary>The command that repeats the run, quoted for a shell.</summary>
    public string Repetition()
    {
        var typed = Options.Where(option => option.IsTyped && !OfTheOutput.Contains(option.Name))
            .SelectMany(option => option.Words());
        var inputs = Inputs.Any(input => input.StartsWith('-')) ? Inputs.Prepend("--") : Inputs;
        return ShellWords.Join(["disttrain", Command, .. typed, .. inputs]);
    }

    static RunOption OptionOf(JsonProperty option)
    {
        var (value, origin) = (option.Value.GetProperty("value"), option.Value.GetProperty("origin").GetString()!);
        return new RunOption(option.Name, TextsOf(value), origin, value.ValueKind == JsonValueKind.Array)
        {
            IsTyped = origin == CommandLine,
        };
    }

    static ImmutableArray<string> TextsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item => TextsOf(item)[0])],
        JsonValueKind.Number => [Figures.Typed(value)],
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        _ => [value.GetString()!],
    };
}

/// <summary>One option: its value and where that came from.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Values">None where it has no value; several of a list.</param>
sealed record RunOption(string Name, ImmutableArray<string> Values, string Origin, bool IsList)
{
    public required bool IsTyped { get; init; }

    /// <summary>The value for people; empty where there is none.</summary>
    public string Shown => string.Join(", ", Values);

    /// <summary>The words that type it again.</summary>
    public IEnumerable<string> Words()
    {
        if (Values is ["true"]) return [$"--{Name}"];
        var value = string.Join(',', Values.Select(text => IsList ? AsListItem(text) : text));
        return value.StartsWith('-') ? [$"--{Name}={value}"] : [$"--{Name}", value];
    }

    /// <summary>A name in a list of names, quoted where it holds what separates them.</summary>
    static string AsListItem(string name) =>
        name.AsSpan().IndexOfAny(',', '"') < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

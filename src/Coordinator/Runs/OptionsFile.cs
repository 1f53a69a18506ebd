using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DistTrain.Coordinator.Output;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Runs;

/// <summary>options.json: every option of the run, its value, and where that came from.</summary>
static class OptionsFile
{
    /// <summary>The content of the file.</summary>
    /// <param name="resolved">What options that were not typed came to, by option name.</param>
    /// <param name="environment">Gives the folder that relative paths start from, and the options that settings gave.</param>
    public static byte[] Content(
        ParseResult parsed, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, ResolvedOption> resolved, CliEnvironment environment) =>
        Content(parsed, inputs, resolved, environment.Directory, environment.FromSettings);

    static byte[] Content(
        ParseResult parsed, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, ResolvedOption> resolved, string directory,
        IReadOnlySet<string> fromSettings)
    {
        using var stream = new MemoryStream();
        Write(stream, parsed, inputs, resolved, directory, fromSettings);
        return stream.ToArray();
    }

    /// <summary>The options of a command line, as the file has them under "options".</summary>
    public static JsonElement ValuesOf(ParseResult parsed) =>
        ValuesOf(Content(parsed, [], new Dictionary<string, ResolvedOption>(), directory: "", ImmutableHashSet<string>.Empty));

    /// <summary>The options of the file.</summary>
    public static JsonElement ValuesOf(byte[] content)
    {
        using var document = JsonDocument.Parse(content);
        return document.RootElement.GetProperty("options").Clone();
    }

    static void Write(
        Stream stream, ParseResult parsed, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, ResolvedOption> resolved,
        string directory, IReadOnlySet<string> fromSettings)
    {
        using (var json = new Utf8JsonWriter(stream, JsonLines.Indented))
        {
            json.WriteStartObject();
            json.WriteString("command", parsed.CommandResult.Command.Name);
            json.WriteString("version", Product.Version);
            WriteValue(json, "inputs", inputs);
            WriteValue(json, "arguments", TypedArguments.Of(parsed));
            json.WriteString("directory", directory);
            json.WriteStartObject("options");
            foreach (var option in parsed.CommandResult.Command.Options.Where(option => !option.Hidden && option.Action is null))
                WriteOption(json, parsed, option, resolved, fromSettings);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    static void WriteOption(
        Utf8JsonWriter json, ParseResult parsed, Option option, IReadOnlyDictionary<string, ResolvedOption> resolved,
        IReadOnlySet<string> fromSettings)
    {
        var used = parsed.GetResult(option);
        var isTyped = used is { Implicit: false };
        var value = used?.GetValueOrDefault<object?>();
        var known = isTyped ? null : resolved.GetValueOrDefault(option.Name);
        if (known is not null) value = known.Value;
        json.WriteStartObject(option.Name[2..]);
        WriteValue(json, "value", value);
        json.WriteString("origin", fromSettings.Contains(option.Name) ? "settings" : isTyped ? "command line" : known?.Origin ?? "default");
        json.WriteEndObject();
    }

    static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case double[] { Length: 1 } alone: json.WriteNumberValue(alone[0]); break;
            case double[] numbers: WriteList(json, numbers, json.WriteNumberValue); break;
            case TimeSpan duration: json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s")); break;
            case string text: json.WriteStringValue(text); break;
            case IEnumerable<string> texts: WriteList(json, texts, json.WriteStringValue); break;
            default: throw new ArgumentException($"An option of type {value.GetType()} has no form in JSON.", nameof(value));
        }
    }

    static void WriteList<T>(Utf8JsonWriter json, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }
}

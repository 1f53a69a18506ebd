using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using DistTrain.Coordinator.Commands;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Runs;

/// <summary>The options of a run that change its mathematics, as a checkpoint keeps them.</summary>
static class RunMathematics
{
    /// <summary>Options whose value may be a path. Another one's value says what it says, whatever files bear its name.</summary>
    static readonly ImmutableHashSet<string> NamingFiles = ["validation", "penalty-file", "class-weight", "initial-model"];

    /// <summary>By name without dashes; where an option names a file, its content counts, not its place.</summary>
    /// <param name="options">The options of options.json.</param>
    public static ImmutableSortedDictionary<string, string> Of(JsonElement options, CliEnvironment environment) => options.EnumerateObject()
        .Where(option => ResumeOptions.IsMathematics($"--{option.Name}"))
        .ToImmutableSortedDictionary(
            option => option.Name, option => TextOf(option.Name, option.Value.GetProperty("value"), environment), StringComparer.Ordinal);

    static string TextOf(string option, JsonElement value, CliEnvironment environment)
    {
        if (value.ValueKind == JsonValueKind.Null) return "nothing";
        if (value.ValueKind != JsonValueKind.String) return value.GetRawText();
        var text = value.GetString()!;
        return NamingFiles.Contains(option) && text.Length > 0 && ContentOf(environment.FullPath(text)) is { } content ? $"file {content}" : text;
    }

    /// <summary>SHA-256 of a file, or of the numbers of a model; null where the path is neither.</summary>
    static string? ContentOf(string path)
    {
        if (Directory.Exists(path)) path = ModelFolder.ParametersPathIn(path);
        if (!File.Exists(path)) return null;
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

using System.Text.Json.Serialization;

namespace DistTrain.Node.CommandLine;

/// <summary>What stands on stdout where a command failed that was asked for --json.</summary>
sealed record ErrorResultJson(ErrorJson Error);

sealed record ErrorJson(string Code, string Message, string? File, long? Line);

/// <summary>camelCase, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ErrorResultJson))]
sealed partial class ErrorJsonContext : JsonSerializerContext;

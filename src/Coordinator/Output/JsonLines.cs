using System.Text.Encodings.Web;
using System.Text.Json;

namespace DistTrain.Coordinator.Output;

/// <summary>How our JSON files are laid out.</summary>
static class JsonLines
{
    /// <summary>For files that people read.</summary>
    public static JsonWriterOptions Indented { get; } =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For results: quotes and letters of all languages stand as they are, since nothing of it goes into HTML.</summary>
    public static ResultJsonContext Results { get; } =
        new(new JsonSerializerOptions(ResultJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>One object a line.</summary>
    public static JsonWriterOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DistTrain.Coordinator.Output;

/// <summary>How our JSON files are laid out.</summary>
static class JsonLines
{
    /// <summary>For files that people read.</summary>
    public static JsonWriterOptions Indented { get; } =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object a line.</summary>
    public static JsonWriterOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result: quotes and letters of all languages stand as they are, since nothing of it goes into HTML.</summary>
    /// <param name="type">Of <see cref="ResultJsonContext.Default"/>: with the options that it was made for, no property is looked up.</param>
    public static void Write<T>(Stream stream, T result, JsonTypeInfo<T> type)
    {
        using var json = new Utf8JsonWriter(stream, Indented);
        JsonSerializer.Serialize(json, result, type);
    }

    /// <summary>The same as text.</summary>
    public static string TextOf<T>(T result, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        Write(stream, result, type);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}

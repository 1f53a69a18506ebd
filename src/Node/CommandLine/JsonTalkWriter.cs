using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DistTrain.Node.CommandLine;

/// <summary>Writes each line as the JSON object that log lines beside it are, so that a program reads one stream.</summary>
sealed class JsonTalkWriter(TextWriter error, TimeProvider clock) : TextWriter
{
    const string WarningPrefix = "warning";

    static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override Encoding Encoding => error.Encoding;

    public override void Write(char value) => error.Write(value);

    public override void WriteLine(string? value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, OneLine))
        {
            var isWarning = value?.StartsWith(WarningPrefix, StringComparison.Ordinal) == true;
            json.WriteStartObject();
            json.WriteString("Timestamp", clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("EventId", 0);
            json.WriteString("LogLevel", isWarning ? "Warning" : "Information");
            json.WriteString("Category", "DistTrain");
            json.WriteString("Message", value);
            json.WriteEndObject();
        }
        error.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }
}

using System.Text;
using System.Text.Json;

namespace DistTrain.Coordinator.Reports.Curves;

/// <summary>Reads the steps of a run back from its events.jsonl.</summary>
static class EventsReader
{
    const int BufferBytes = 1 << 16;

    /// <summary>Lines without any of these need not be parsed.</summary>
    static readonly byte[][] Wanted =
        [.. new[] { "step", "validation", "resumed" }.Select(name => Encoding.UTF8.GetBytes($"\"event\":\"{name}\""))];

    /// <summary>Every line that is whole; a line torn off by a crash is left out.</summary>
    public static StepHistory Read(Stream events)
    {
        var history = new StepHistory();
        using var reader = new StreamReader(events, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferBytes, leaveOpen: true);
        while (reader.ReadLine() is { } line) Take(Encoding.UTF8.GetBytes(line), history);
        return history;
    }

    static void Take(byte[] line, StepHistory history)
    {
        if (!Array.Exists(Wanted, name => line.AsSpan().IndexOf(name) >= 0)) return;
        try
        {
            using var parsed = JsonDocument.Parse(line);
            Take(parsed.RootElement, history);
        }
        catch (JsonException)
        {
            // Torn off: nothing that the run still knows.
        }
    }

    static void Take(JsonElement line, StepHistory history)
    {
        switch (line.GetProperty("event").GetString())
        {
            case "step": history.Add(PointOf(line)); break;
            case "validation" when Number(line, "logLoss") is { } logLoss: history.Watch(logLoss); break;
            case "resumed" when line.TryGetProperty("checkpoint", out _): history.Resume((int)(Number(line, "step") ?? 0)); break;
            case "resumed": history.Restart(); break;
            default: break;
        }
    }

    static StepPoint PointOf(JsonElement line) => new(
        (int)(Number(line, "step") ?? 0), (int)(Number(line, "evaluations") ?? 0), Number(line, "epochs") ?? 0,
        Number(line, "seconds") ?? 0, Number(line, "objective"), Number(line, "gradientMax"), null);

    static double? Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}

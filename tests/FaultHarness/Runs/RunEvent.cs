using System.Globalization;
using System.Text.Json;

namespace DistTrain.FaultHarness.Runs;

/// <summary>What the harness needs of one line of events.jsonl.</summary>
/// <param name="Time">Of the coordinator's clock: this machine's.</param>
sealed record RunEvent(DateTimeOffset Time, string Event, int Step)
{
    public bool IsStart => Event is "started" or "resumed";

    public static RunEvent Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var fields = json.RootElement;
        return new RunEvent(
            DateTimeOffset.Parse(fields.GetProperty("time").GetString()!, CultureInfo.InvariantCulture),
            fields.GetProperty("event").GetString()!,
            fields.TryGetProperty("step", out var step) ? step.GetInt32() : 0);
    }
}

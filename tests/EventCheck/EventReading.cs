using System.Text.Json;

namespace DistTrain.EventCheck;

/// <summary>Reads events.jsonl.</summary>
static class EventReading
{
    /// <summary>The lines in order. A last line without its end is left out: its writer was killed, or is writing it.</summary>
    /// <exception cref="FormatException">A line that is no event, named by its number.</exception>
    public static IEnumerable<EventLine> Of(TextReader reader)
    {
        var term = 0L;
        var number = 0;
        var text = reader.ReadToEnd();
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var read = Read(line, ++number, term);
            if (read.IsStart) term = read.Term;
            yield return read;
        }
    }

    static EventLine Read(string line, int number, long term)
    {
        try
        {
            var fields = JsonDocument.Parse(line).RootElement;
            var read = new EventLine(number, "", term, fields);
            return read with
            {
                Event = read.Text("event") ?? throw new FormatException($"line {number}: no event."),
                Term = read.Whole("term") ?? term,
            };
        }
        catch (JsonException error)
        {
            throw new FormatException($"line {number}: not JSON: {error.Message}", error);
        }
    }
}

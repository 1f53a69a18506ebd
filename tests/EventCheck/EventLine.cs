using System.Text.Json;

namespace DistTrain.EventCheck;

/// <summary>One line of events.jsonl.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Term">Of the line itself, else that of the newest start above it.</param>
sealed record EventLine(int Number, string Event, long Term, JsonElement Fields)
{
    /// <summary>Whether a coordinator begins to reign with it.</summary>
    public bool IsStart => Event is "started" or "resumed";

    /// <summary>Of an evaluation: the shards that it is about, which a batch names and others count; null where it does not tell.</summary>
    public IEnumerable<int>? Asked => Text("shards") is { } runs ? ShardRuns.Read(runs)
        : Whole("shardCount") is { } count ? Enumerable.Range(0, (int)count)
        : null;

    /// <summary>Of an evaluation: the shards that were accepted of each worker, by its name; null where it does not tell.</summary>
    public IEnumerable<(string Worker, IEnumerable<int> Shards)>? Accepted =>
        Find("accepted", JsonValueKind.Object)?.EnumerateObject().Select(of => (of.Name, ShardRuns.Read(of.Value.GetString() ?? "")));

    public long? Whole(string name) => Find(name, JsonValueKind.Number)?.GetInt64();

    /// <summary>As written, digit by digit: two texts that are equal are the same number, to the bit.</summary>
    public string? Digits(string name) => Find(name, JsonValueKind.Number)?.GetRawText();

    public string? Text(string name) => Find(name, JsonValueKind.String)?.GetString();

    JsonElement? Find(string name, JsonValueKind kind) =>
        Fields.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}

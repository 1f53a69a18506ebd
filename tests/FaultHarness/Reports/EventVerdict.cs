using System.Collections.Immutable;
using System.Text.Json;
using DistTrain.FaultHarness.Processes;

namespace DistTrain.FaultHarness.Reports;

/// <summary>What the separate program found in the events of a run.</summary>
sealed record EventVerdict(
    int Terms, int Evaluations, long Shards, long Lost, long Twice, long Steps, long StepsTaken, int StepsCompared, int Late,
    ImmutableArray<string> Violations)
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <exception cref="InvalidDataException">They cannot be read.</exception>
    public static async Task<EventVerdict> OnAsync(Products products, string events, CancellationToken stop)
    {
        var ended = await Finishing.OfAsync([.. products.EventCheck, events, "--json"], Deadline, stop);
        return ended.ExitCode is 0 or 1
            ? JsonSerializer.Deserialize<EventVerdict>(ended.Output, Format)!
            : throw new InvalidDataException(ended.Errors.Trim());
    }
}

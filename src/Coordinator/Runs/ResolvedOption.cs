using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Data.Storage;
using DistTrain.Formats;

namespace DistTrain.Coordinator.Runs;

/// <summary>What was in effect of an option that was left open.</summary>
/// <param name="Origin">"default", "detected" from the input, or "guessed" from its names.</param>
sealed record ResolvedOption(object Value, string Origin)
{
    const string Default = "default";
    const string Detected = "detected";

    /// <summary>Of a run, by option name; an option without any effect in it is not there.</summary>
    public static IReadOnlyDictionary<string, ResolvedOption> Of(TrainSettings settings, TrainingInput input, Dataset dataset)
    {
        var (table, training) = (input.Table, settings.Training);
        var resolved = new Dictionary<string, ResolvedOption>();
        void Put(string option, object? value, string origin)
        {
            if (value is not null) resolved[option] = new ResolvedOption(value, origin);
        }

        Put("--workers", settings.WorkerCount, Default);
        Put("--shards", dataset.Manifest.ShardCount, Default);
        if (table is not null) Put("--validation", FormattableString.Invariant($"{settings.Dataset.ValidationFraction}"), Default);
        Put("--tolerance", training.Tolerance, Default);
        Put("--max-steps", training.MaxStepsInEffect, Default);
        Put("--class-weight", TrainOptions.NoClassWeights, Default);
        Put("--learning-rate", training.LearningRateInEffect, Default);
        Put("--learning-rate-schedule", training.ScheduleInEffect is { } schedule ? Words.Of(schedule) : null, Default);
        Put("--checkpoint-every", "30s", Default);
        Put("--format", table is null ? StoredInput.FormatWord : table.Form is { } form ? Words.Of(form.Format) : null, Detected);
        Put("--delimiter", table?.Form?.Delimiter, Detected);
        Put("--encoding", table?.Form?.Encoding, table?.Form is { HasMark: true } ? Detected : Default);
        Put("--index-base", table?.IndexBase, Detected);
        if (table?.Form is { Delimiter: not null }) Put("--label", table.Label?.Name, "guessed");
        return resolved;
    }
}

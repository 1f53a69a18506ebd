using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Training;

/// <summary>How long workers were silent in recent evaluations of each kind: what deadlines are made of.</summary>
public sealed record Pace
{
    const int SamplesMax = 9;

    public static Pace Unknown { get; } = new();

    ImmutableDictionary<(EvaluationKind Kind, DatasetPart Part), ImmutableArray<Sample>> Samples { get; init; } =
        ImmutableDictionary<(EvaluationKind, DatasetPart), ImmutableArray<Sample>>.Empty;

    /// <summary>
    /// In an evaluation a worker that answered was silent for <paramref name="silence"/> before, and none was longer, where workers had so
    /// many threads.
    /// </summary>
    /// <remarks>
    /// Not the time of the whole evaluation: the wait for a worker that never answers must not make the next wait longer, and one that
    /// computes for long says so meanwhile.
    /// </remarks>
    public Pace Observe(EvaluationRequest request, TimeSpan silence, int threads)
    {
        var recent = Samples.GetValueOrDefault((request.Kind, request.Part), []);
        if (recent.Length == SamplesMax) recent = recent.RemoveAt(0);
        return new Pace { Samples = Samples.SetItem((request.Kind, request.Part), recent.Add(new Sample(silence, threads))) };
    }

    /// <summary>The median of recent times, each stretched where there were more threads than now; null where none is known.</summary>
    /// <remarks>Never shortened: twice the threads on the same processors are not twice as fast.</remarks>
    public TimeSpan? Expected(EvaluationRequest request, int threads)
    {
        if (!Samples.TryGetValue((request.Kind, request.Part), out var recent)) return null;
        var times = recent.Select(sample => sample.Silence * Math.Max(1, (double)sample.Threads / threads)).Order().ToArray();
        return times[times.Length / 2];
    }

    readonly record struct Sample(TimeSpan Silence, int Threads);
}

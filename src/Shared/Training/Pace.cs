using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Training;

/// <summary>How long workers were silent in recent evaluations of each kind: what deadlines are made of.</summary>
public sealed record Pace
{
    const int SamplesMax = 9;

    public static Pace Unknown { get; } = new();

    ImmutableDictionary<(EvaluationKind Kind, DatasetPart Part), Recent> Known { get; init; } =
        ImmutableDictionary<(EvaluationKind, DatasetPart), Recent>.Empty;

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
        var samples = Known.TryGetValue((request.Kind, request.Part), out var recent) ? recent.Samples : [];
        if (samples.Length == SamplesMax) samples = samples.RemoveAt(0);
        samples = samples.Add(new Sample(silence, threads));
        return new Pace { Known = Known.SetItem((request.Kind, request.Part), new Recent(samples, threads, MedianOf(samples, threads))) };
    }

    /// <summary>The median of recent times, each stretched where there were more threads than now; null where none is known.</summary>
    /// <remarks>Never shortened: twice the threads on the same processors are not twice as fast.</remarks>
    public TimeSpan? Expected(EvaluationRequest request, int threads)
    {
        if (!Known.TryGetValue((request.Kind, request.Part), out var recent)) return null;
        return recent.Threads == threads ? recent.Median : MedianOf(recent.Samples, threads);
    }

    static TimeSpan MedianOf(ImmutableArray<Sample> samples, int threads)
    {
        var times = samples.Select(sample => sample.Silence * Math.Max(1, (double)sample.Threads / threads)).Order().ToArray();
        return times[times.Length / 2];
    }

    readonly record struct Sample(TimeSpan Silence, int Threads);

    /// <param name="Median">Of the samples where there are so many threads: asked for with every lease and every answer.</param>
    sealed record Recent(ImmutableArray<Sample> Samples, int Threads, TimeSpan Median);
}

using DistTrain.Coordinator.Training;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Coordinator.Output;

/// <summary>Steps as plain lines: the first at once, then at most one in five seconds. For logs, pipes and quiet terminals.</summary>
sealed class PlainProgress(Talk talk) : INoticeSink
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    readonly ProgressTracker _tracker = new();
    DateTimeOffset _next = DateTimeOffset.MinValue;

    public void Take(DateTimeOffset time, TrainingNotice notice)
    {
        if (notice is PathPointNotice { Point: var point }) talk.Note("path", Describe(point));
        if (_tracker.Take(notice) is not { } progress || time < _next) return;
        _next = time + Interval;
        talk.Note($"step {progress.Step.Step}", Describe(progress));
    }

    static string Describe(PathPoint point) =>
        $"l2 {Figures.Penalty(point.L2)}  held-out log-loss {Figures.Value(point.LogLoss)}  {Figures.Count(point.Steps, "step", "steps")}";

    static string Describe(Progress progress)
    {
        var step = progress.Step;
        var gradient = step.GradientMax is { } max ? $"  gradient {Figures.Small(max)}" : "";
        var rate = progress.RowsPerSecond is { } rows ? $"  {Figures.Rate(rows)}" : "";
        var watched = progress.HeldOutLogLoss is { } logLoss ? $"  held-out log-loss {Figures.Value(logLoss)}" : "";
        var left = progress.TimeLeft is { } time ? $"  about {Figures.About(time)} left" : "";
        return $"objective {Figures.Value(step.Objective)}{gradient}{watched}" +
            $"  evaluations {Figures.Count(step.Evaluations)}{rate}  {Figures.Duration(progress.Elapsed)}{left}";
    }
}

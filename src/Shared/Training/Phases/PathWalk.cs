using System.Collections.Immutable;
using DistTrain.Formats.State;
using DistTrain.Learning;

namespace DistTrain.Training.Phases;

/// <summary>How far a path has been walked: what is known of each penalty done, the best arrival, and where the last one ended.</summary>
/// <param name="Points">In the order of training.</param>
/// <param name="Best">The arrival of the best of them; null before the first.</param>
/// <param name="LastPoint">Where the last one arrived; null before the first.</param>
/// <param name="Total">What all of them took together.</param>
sealed record PathWalk(ImmutableArray<PathPoint> Points, int BestIndex, Arrival? Best, double[]? LastPoint, TrainingProgress Total)
{
    public static PathWalk Nothing { get; } = new([], 0, null, null, default);

    /// <summary>The walk after one more penalty.</summary>
    /// <param name="metrics">Of the validation part at <paramref name="arrival"/>.</param>
    public PathWalk Take(double l2, Arrival arrival, ClassificationMetrics metrics)
    {
        var (progress, objective) = (arrival.Progress, arrival.Objective);
        var point = new PathPoint(
            l2, progress.Steps, progress.Evaluations, progress.Epochs, arrival.StoppedBy, double.IsNaN(objective) ? null : objective,
            metrics.KnownLogLoss, metrics.Accuracy, metrics.MacroF1);
        var isBetter = Best is null || point.LogLoss < Points[BestIndex].LogLoss;
        return new(
            Points.Add(point), isBetter ? Points.Length : BestIndex, isBetter ? arrival : Best, arrival.Point, Total.Plus(progress));
    }

    public void Save(StateWriter state)
    {
        PathPoint.Save(Points, state);
        state.Write(BestIndex);
        state.Write(LastPoint ?? []);
        Total.Save(state);
        Best?.Save(state);
    }

    /// <param name="plan">Knows the problem of each penalty.</param>
    public static PathWalk Restore(StateReader saved, TrainingPlan plan)
    {
        var (points, bestIndex, last, total) = (
            PathPoint.Restore(saved), saved.ReadInt32(), saved.ReadDoubles(), TrainingProgress.Restore(saved));
        if (points.IsEmpty) return Nothing;
        return bestIndex >= 0 && bestIndex < points.Length
            ? new(points, bestIndex, Arrival.Restore(saved, plan), last, total)
            : throw new InvalidDataException($"the best of {points.Length} penalties is number {bestIndex}");
    }
}

using System.Collections.Immutable;
using DistTrain.Formats.State;
using DistTrain.Training.Phases;

namespace DistTrain.Training;

/// <summary>One penalty of a path, and what training with it came to.</summary>
/// <param name="L2">λ₂.</param>
/// <param name="Steps">Steps taken with it, from where the larger penalty before it had arrived.</param>
/// <param name="Evaluations">Evaluations of the same.</param>
/// <param name="Epochs">Passes over the training rows of the same.</param>
/// <param name="Objective">F with this penalty, in float arithmetic; null where only batches were evaluated.</param>
/// <param name="LogLoss">Of the validation part (<see cref="Learning.ClassificationMetrics.KnownLogLoss"/>).</param>
/// <param name="Accuracy">Of the validation part.</param>
/// <param name="MacroF1">Of the validation part.</param>
public sealed record PathPoint(
    double L2, int Steps, int Evaluations, double Epochs, StoppedBy StoppedBy, double? Objective, double LogLoss, double Accuracy,
    double MacroF1)
{
    /// <summary>The model is of this penalty.</summary>
    public bool IsChosen { get; init; }

    /// <summary>Most penalties of a path.</summary>
    internal const int CountMax = 1000;

    internal static void Save(ImmutableArray<PathPoint> points, StateWriter state)
    {
        state.Write(points.Length);
        foreach (var point in points) point.Save(state);
    }

    internal static ImmutableArray<PathPoint> Restore(StateReader saved) => saved.ReadInt32() is var count && count is >= 0 and <= CountMax
        ? [.. Enumerable.Range(0, count).Select(_ => RestoreOne(saved))]
        : throw new InvalidDataException($"the state holds a path of {count} penalties");

    void Save(StateWriter state)
    {
        state.Write(L2);
        state.Write(Steps);
        state.Write(Evaluations);
        state.Write(Epochs);
        state.Write(StoppedBy);
        state.Write(Objective ?? double.NaN);
        state.Write(LogLoss);
        state.Write(Accuracy);
        state.Write(MacroF1);
        state.Write(IsChosen);
    }

    static PathPoint RestoreOne(StateReader saved)
    {
        var (l2, steps, evaluations, epochs) = (saved.ReadDouble(), saved.ReadInt32(), saved.ReadInt32(), saved.ReadDouble());
        var (stoppedBy, objective) = (saved.ReadReason() ?? StoppedBy.Steps, saved.ReadDouble());
        return new(
            l2, steps, evaluations, epochs, stoppedBy, double.IsNaN(objective) ? null : objective,
            saved.ReadDouble(), saved.ReadDouble(), saved.ReadDouble())
        {
            IsChosen = saved.ReadBoolean(),
        };
    }
}

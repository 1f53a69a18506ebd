using DistTrain.Training;

namespace DistTrain.Coordinator.Output;

/// <summary>Where a run stands after a step.</summary>
/// <param name="RowsPerSecond">Rows of all evaluations so far over the time so far; null before the first.</param>
/// <param name="HeldOutLogLoss">Of the validation part, at the last step or epoch where it was watched; null where it was not.</param>
sealed record Progress(StepSummary Step, double? RowsPerSecond, TimeSpan Elapsed, double? HeldOutLogLoss = null)
{
    /// <summary>About how long it is still going to take; null where nothing can be said.</summary>
    public TimeSpan? TimeLeft { get; init; }
}

/// <summary>Adds notices up to <see cref="Progress"/>.</summary>
sealed class ProgressTracker
{
    long _rowCount;
    TimeSpan _computing;
    double? _heldOutLogLoss;

    /// <summary>The new state if the notice is a step, else null.</summary>
    public Progress? Take(TrainingNotice notice)
    {
        if (notice is EvaluationFinishedNotice evaluation)
        {
            _rowCount += evaluation.RowCount;
            _computing += evaluation.Elapsed;
        }
        if (notice is ValidationWatchedNotice watched) _heldOutLogLoss = watched.LogLoss;
        return notice is StepTakenNotice step ? new Progress(step.Summary, Rate, step.Elapsed, _heldOutLogLoss) { TimeLeft = step.TimeLeft } : null;
    }

    double? Rate => _computing > TimeSpan.Zero ? _rowCount / _computing.TotalSeconds : null;
}

using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>The wait for the end of a run that a signal may end before.</summary>
static class OutcomeAwaiting
{
    /// <summary>Longest wait for a run that was told to stop, beyond what it allows itself for its last checkpoint.</summary>
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The result of a run, which keeps its own deadlines.</summary>
    /// <param name="tellToStop">Has the run save its newest step and end.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; the run has ended, or time was up.</exception>
    public static async Task<TrainingResult> UntilStopped(
        this TrainingOutcome outcome, TrainingJob job, Action<Problem> tellToStop, CancellationToken stop)
    {
        try
        {
            return await outcome.Result.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            tellToStop(new Problem("DT1301", ExitCode.Interrupted, "stopped by a signal"));
            var patience = (job.CheckpointPlan?.StopTimeout ?? TimeSpan.Zero) + StopTimeout;
            await Task.WhenAny(outcome.Result, Task.Delay(patience, CancellationToken.None));
            throw;
        }
    }
}

using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator;

/// <summary>
/// How the run of this process ends. The run keeps its own deadlines, and the end of its actor ends it too, so that
/// <see cref="Result"/> always completes.
/// </summary>
public sealed class TrainingOutcome
{
    readonly TaskCompletionSource<TrainingResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The result, or a <see cref="DistTrainException"/> with the cause.</summary>
    public Task<TrainingResult> Result => _completion.Task;

    internal void Finish(TrainingResult result) => _completion.TrySetResult(result);

    /// <summary>Without effect where the run has ended already.</summary>
    internal void Fail(Problem problem, Exception? cause = null) => _completion.TrySetException(problem.AsException(cause));

    /// <summary>Ends as another one does, with the problem that <paramref name="told"/> makes of its own.</summary>
    internal void Follow(TrainingOutcome other, Func<Problem, Problem> told) => other.Result.ContinueWith(
        ended =>
        {
            if (ended.IsCompletedSuccessfully) Finish(ended.Result);
            else if (ended.Exception!.InnerException is DistTrainException failure) Fail(told(failure.Problem), failure);
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

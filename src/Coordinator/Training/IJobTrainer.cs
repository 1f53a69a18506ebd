using DistTrain.Coordinator.Runs;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>Who trains the jobs of a session: actors of this process, say.</summary>
interface IJobTrainer
{
    /// <summary>
    /// Makes ready what was prepared, and returns when it is this process's turn to take up the run: at once where no other may.
    /// </summary>
    /// <param name="folder">The run's, which others may write in until then.</param>
    Task StandByAsync(PreparedRun prepared, RunFolder folder, CancellationToken stop);

    /// <summary>
    /// Instead of training, where another process has finished the run: tells so to workers that it could not tell any more. Returns when
    /// they had the time to ask, or <paramref name="stop"/> was asked for.
    /// </summary>
    Task TellEndAsync(RunFolder folder, CancellationToken stop);

    /// <summary>
    /// Trains. What it started for this may end later, when the result is in its place or the next job begins; after a failure all has ended.
    /// </summary>
    /// <param name="pump">Told what happens.</param>
    /// <exception cref="OperationCanceledException">
    /// The user stopped it; the newest step is saved where that was asked for and possible.
    /// </exception>
    /// <exception cref="Problems.DistTrainException">Training failed, with the cause.</exception>
    Task<TrainingResult> RunAsync(SessionJob job, NoticePump pump, LogFile log, CancellationToken stop);

    /// <summary>
    /// The run has ended for everybody: its result is in its place, or nobody could come to one. Only now may workers be told so: were this
    /// process to die before, the next one would need them.
    /// </summary>
    void LetWorkersGo();
}

using System.Diagnostics;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Bench.Actors;

/// <summary>
/// Asks for one full gradient after the other, at new parameters and with a step told each time, and notes when each is there: what a run
/// costs without the arithmetic of an optimiser.
/// </summary>
sealed class RepeatingTrainer(ModelShape shape, int evaluationCount) : ITrainer
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<long> _told = new(evaluationCount);

    /// <summary>Ends with the last evaluation that counts; the run goes on until it is stopped.</summary>
    public Task Done => _done.Task;

    /// <summary>From one evaluation's sums to the next one's, in the order of the run; to be read after the end.</summary>
    public IEnumerable<TimeSpan> Times =>
        _told.Take(evaluationCount).Zip(_told.Skip(1), (before, now) => Stopwatch.GetElapsedTime(before, now));

    public bool IsClosing => false;

    public TrainerAnswer First => Answer([]);

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        if (_told.Count == evaluationCount) _done.TrySetResult();
        else _told.Add(Stopwatch.GetTimestamp());
        return Answer([new StepSummary(_told.Count, _told.Count, _told.Count, (double)sums.Loss, GradientMax: 1)]);
    }

    public TrainerAnswer Close(StoppedBy reason) => throw new NotSupportedException("This trainer has no end.");

    public void Save(StateWriter state) => throw new NotSupportedException("This trainer is not saved.");

    TrainerAnswer Answer(StepSummary[] steps) =>
        new(this, new Question(new EvaluationRequest(EvaluationKind.Gradient), new Parameters(shape), _told.Count), [.. steps], null);
}

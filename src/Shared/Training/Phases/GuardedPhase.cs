using DistTrain.Formats.State;
using DistTrain.Learning;

namespace DistTrain.Training.Phases;

/// <summary>Ends a phase without line search, whose steps nothing bounds, when its objective grows instead of falling.</summary>
/// <remarks>
/// Losses of a softmax grow linearly with the logits: steps too large end far from the optimum long before anything overflows. So training
/// has diverged where
///   a batch's objective is a million times that of the start, from where no way leads back in reasonable time; or
///   the mean over an epoch is ten times that of the start and no lower than the epoch before; or
///   the objective at the end is ten times that of the start (the closing pass looks at <see cref="Arrival.StartObjective"/>).
/// A single epoch may be far off, since first steps may overshoot and be taken back. The start's objective is that of answering the class
/// shares, or of the first batch where that is larger, and at least 0.1: where one class is almost everything, ten times nearly nothing is
/// no divergence.
/// </remarks>
/// <param name="Growth">What the steps so far say.</param>
sealed record GuardedPhase(IPhase Inner, Growth Growth) : IPhase
{
    public static GuardedPhase Start(TrainingProblem problem, IPhase inner) => new(inner, Growth.From(problem.Statistics.PriorLoss));

    public Inquiry? Inquiry => Inner.Inquiry;

    public StoppedBy? ArrivedBy => Inner.ArrivedBy;

    public Arrival ArriveBy(StoppedBy reason) => Inner.ArriveBy(reason) with { StartObjective = Growth.Start };

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        var answer = Inner.Tell(sums);
        var growth = Growth;
        foreach (var step in answer.Steps) growth = growth.After(step);
        if (answer.IsMark) growth = growth.AfterEpoch(answer.Phase.ArriveBy(StoppedBy.Epochs).Progress.Epochs);
        return answer with { Phase = new GuardedPhase(answer.Phase, growth) };
    }

    public void Save(StateWriter state)
    {
        Inner.Save(state);
        Growth.Save(state);
    }

    public IPhase Restore(StateReader saved) => new GuardedPhase(Inner.Restore(saved), Growth.Restore(saved));
}

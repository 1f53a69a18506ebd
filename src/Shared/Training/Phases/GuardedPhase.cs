using System.Globalization;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

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

/// <summary>How the objectives of steps compare with that of the start.</summary>
/// <param name="Start">The largest objective that counts as the start's.</param>
/// <param name="HasStarted">The first step is counted in <paramref name="Start"/>.</param>
/// <param name="Sum">Of the objectives of this epoch's steps.</param>
/// <param name="Count">Of this epoch's steps.</param>
/// <param name="LastMean">Of the epoch before; ∞ before the first.</param>
readonly record struct Growth(double Start, bool HasStarted, double Sum, int Count, double LastMean)
{
    const double AtOnce = 1e6;
    const double InTheEnd = 10;
    const double Least = 0.1;

    /// <param name="priorLoss">The objective without features.</param>
    public static Growth From(double priorLoss) => new(Math.Max(priorLoss, Least), false, 0, 0, double.PositiveInfinity);

    /// <summary>Whether an objective is too far above that of the start to end with.</summary>
    public static bool IsTooFar(double objective, double start) => objective > InTheEnd * start;

    public Growth After(StepSummary step)
    {
        var start = HasStarted ? Start : Math.Max(Start, step.Objective);
        return step.Objective > AtOnce * start
            ? throw Divergence.Growing(string.Create(CultureInfo.InvariantCulture, $"at step {step.Step}"), step.Objective, start).AsException()
            : this with { Start = start, HasStarted = true, Sum = Sum + step.Objective, Count = Count + 1 };
    }

    /// <param name="epochs">Epochs done.</param>
    public Growth AfterEpoch(double epochs)
    {
        if (Count == 0) return this;
        var mean = Sum / Count;
        return IsTooFar(mean, Start) && mean >= LastMean
            ? throw Divergence.Growing(string.Create(CultureInfo.InvariantCulture, $"on average of epoch {epochs:0}"), mean, Start).AsException()
            : this with { Sum = 0, Count = 0, LastMean = mean };
    }

    public void Save(StateWriter state)
    {
        state.Write(Start);
        state.Write(HasStarted);
        state.Write(Sum);
        state.Write(Count);
        state.Write(LastMean);
    }

    public static Growth Restore(StateReader saved) =>
        new(saved.ReadDouble(), saved.ReadBoolean(), saved.ReadDouble(), saved.ReadInt32(), saved.ReadDouble());
}

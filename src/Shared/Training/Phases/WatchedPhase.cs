using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>
/// Judges its inner phase by the validation part at every mark, remembers the best point, and ends when many marks in a row were no better.
/// </summary>
/// <remarks>
/// Better is a lower log-loss, by however little. A phase that converges keeps the point to which it converged, for that is what its
/// certificate is about; one that ends otherwise keeps the best point seen.
/// </remarks>
/// <param name="Patience">Marks without progress after which it ends, at least 1.</param>
/// <param name="IsJudging">The inner phase's present point is being evaluated; its own inquiry waits.</param>
sealed record WatchedPhase(TrainingProblem Problem, IPhase Inner, int Patience, Watch Watch, bool IsJudging) : IPhase
{
    public static WatchedPhase Start(TrainingProblem problem, IPhase inner, int patience) =>
        new(problem, inner, patience, Watch.Nothing, IsJudging: false);

    public Inquiry? Inquiry =>
        IsJudging ? new(new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation), Problem.ParametersToKeep(Here.Point))
        : IsOver ? null
        : Inner.Inquiry;

    public StoppedBy? ArrivedBy => IsJudging ? null : Inner.ArrivedBy ?? (IsOver ? StoppedBy.Patience : null);

    bool IsOver => Watch.MarksSinceBest >= Patience;

    /// <summary>Where the inner phase stands.</summary>
    Arrival Here => Inner.ArriveBy(StoppedBy.Patience);

    public IParallelFor Parallel => Problem.Parallel;

    public Arrival ArriveBy(StoppedBy reason)
    {
        var arrival = Inner.ArriveBy(reason);
        var isConverged = reason is StoppedBy.Tolerance or StoppedBy.Suboptimality;
        return isConverged || Watch.BestPoint is null ? arrival : arrival with { Point = Watch.BestPoint, Objective = Watch.Objective };
    }

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        if (IsJudging) return Judge(sums);

        var answer = Inner.Tell(sums);
        return answer with { Phase = this with { Inner = answer.Phase, IsJudging = answer.IsMark }, IsMark = false };
    }

    public void LetGo(IPhase successor)
    {
        if (successor is WatchedPhase after) Inner.LetGo(after.Inner);
    }

    public void Save(StateWriter state)
    {
        Inner.Save(state);
        Watch.Save(state);
        state.Write(IsJudging);
    }

    public IPhase Restore(StateReader saved) =>
        this with { Inner = Inner.Restore(saved), Watch = Watch.Restore(saved), IsJudging = saved.ReadBoolean() };

    PhaseAnswer Judge(EvaluationSums sums)
    {
        var here = Here;
        var logLoss = Problem.Score(sums).KnownLogLoss;
        var watch = Watch.After(logLoss, here);
        var notice = new ValidationWatchedNotice(here.Progress.Steps, here.Progress.Epochs, logLoss, watch.MarksSinceBest == 0);
        return new(this with { Watch = watch, IsJudging = false }) { Notices = [notice], IsMark = true };
    }
}

/// <summary>The best point seen so far.</summary>
/// <param name="LogLoss">Of the validation part at the best point.</param>
/// <param name="BestPoint">Null while no point was judged.</param>
/// <param name="Objective">F there; NaN where it is not known.</param>
/// <param name="MarksSinceBest">Points judged since the best one.</param>
sealed record Watch(double LogLoss, double[]? BestPoint, double Objective, int MarksSinceBest)
{
    public static Watch Nothing { get; } = new(double.PositiveInfinity, null, double.NaN, 0);

    /// <param name="logLoss">At <paramref name="here"/>; not NaN.</param>
    public Watch After(double logLoss, Arrival here) => BestPoint is null || logLoss < LogLoss
        ? new(logLoss, here.Point, here.Objective, 0)
        : this with { MarksSinceBest = MarksSinceBest + 1 };

    public void Save(StateWriter state)
    {
        state.Write(LogLoss);
        state.Write(BestPoint ?? []);
        state.Write(Objective);
        state.Write(MarksSinceBest);
    }

    public static Watch Restore(StateReader saved)
    {
        var (logLoss, point) = (saved.ReadDouble(), saved.ReadDoubles());
        return new(logLoss, point.Length == 0 ? null : point, saved.ReadDouble(), saved.ReadInt32());
    }
}

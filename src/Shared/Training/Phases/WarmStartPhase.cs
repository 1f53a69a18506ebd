using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Online;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>Passes online over all shards, each by itself, and starts its inner phase from the mean of where they came to.</summary>
/// <param name="Point">Where the next pass, or the inner phase, starts.</param>
/// <param name="PassesLeft">Passes to make before the inner phase starts.</param>
/// <param name="Then">Starts the inner phase from a point.</param>
/// <param name="Inner">Null while passes are made.</param>
sealed record WarmStartPhase(
    TrainingProblem Problem, double[] Point, int PassesLeft, Func<double[], IPhase> Then, IPhase? Inner, TrainingProgress Progress) : IPhase
{
    /// <summary>η of the passes.</summary>
    const double LearningRate = 0.1;

    /// <summary>Rows between two steps.</summary>
    const int BatchRows = 8;

    /// <param name="then">Starts the phase that follows.</param>
    public static WarmStartPhase Start(TrainingProblem problem, double[] point, int passes, Func<double[], IPhase> then) =>
        new(problem, point, passes, then, null, default);

    public Inquiry? Inquiry => Inner is not null ? Inner.Inquiry : new Inquiry(
        new EvaluationRequest(EvaluationKind.Online) { Online = new OnlinePass(Problem.Objective.Penalty, LearningRate, BatchRows) },
        Problem.ParametersAt(Point));

    public StoppedBy? ArrivedBy => Inner?.ArrivedBy;

    public IParallelFor Parallel => Problem.Parallel;

    public Arrival ArriveBy(StoppedBy reason)
    {
        if (Inner is null) return new(Problem, Point, reason, Progress);
        var arrival = Inner.ArriveBy(reason);
        return arrival with { Progress = Progress.Plus(arrival.Progress) };
    }

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        if (Inner is null) return new(After(sums));

        var answer = Inner.Tell(sums);
        return answer with
        {
            Phase = this with { Inner = answer.Phase },
            Steps = [.. answer.Steps.Select(Progress.Plus)],
            Notices = [.. answer.Notices.Select(notice => Progress.Plus(notice))],
        };
    }

    public void LetGo(IPhase successor)
    {
        if (Inner is not null && successor is WarmStartPhase { Inner: { } after }) Inner.LetGo(after);
    }

    public void Save(StateWriter state)
    {
        state.Tag("warmStart");
        state.Write(Point);
        state.Write(PassesLeft);
        Progress.Save(state);
        Inner?.Save(state);
    }

    public IPhase Restore(StateReader saved)
    {
        saved.Expect("warmStart");
        var (point, left) = (saved.ReadDoubles(Point.Length), saved.ReadInt32());
        var progress = TrainingProgress.Restore(saved);
        return this with { Point = point, PassesLeft = left, Progress = progress, Inner = left > 0 ? null : Then(point).Restore(saved) };
    }

    /// <summary>The phase after a pass. Sums that are not finite move nothing.</summary>
    WarmStartPhase After(EvaluationSums sums)
    {
        var point = sums.NonFinite ? Point : OnlineMean.Moved(Problem.Objective, Point, sums);
        var left = PassesLeft - 1;
        var progress = Progress with { Evaluations = Progress.Evaluations + 1, Epochs = Progress.Epochs + 1 };
        return this with { Point = point, PassesLeft = left, Progress = progress, Inner = left > 0 ? null : Then(point) };
    }
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>
/// Trains with one penalty λ₂ after the other, from the largest to the smallest, each from where the one before arrived, judges each by the
/// validation part, and arrives at the best.
/// </summary>
/// <remarks>Of equal log-losses the larger penalty's counts as better: the simpler model. Limits hold for each penalty.</remarks>
/// <param name="Plan">Starts the phase of each penalty.</param>
/// <param name="Penalties">In the order of training: descending.</param>
/// <param name="Inner">The phase of penalty number <see cref="Walk"/>.Points.Length, or the last one.</param>
/// <param name="IsJudging">The inner phase has arrived and is being evaluated.</param>
sealed record PathPhase(TrainingPlan Plan, ImmutableArray<double> Penalties, IPhase Inner, PathWalk Walk, bool IsJudging) : IPhase
{
    /// <param name="penalties">At least one, in any order.</param>
    public static IPhase Start(TrainingPlan plan, IEnumerable<double> penalties)
    {
        ImmutableArray<double> descending = [.. penalties.OrderDescending()];
        return new PathPhase(plan, descending, plan.Start(descending[0], null), PathWalk.Nothing, IsJudging: false).Settled();
    }

    public Inquiry? Inquiry =>
        IsJudging ? new(new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation), Here.Problem.ParametersToKeep(Here.Point))
        : IsOver ? null
        : Inner.Inquiry;

    public StoppedBy? ArrivedBy => IsOver ? Walk.Best!.StoppedBy : null;

    bool IsOver => Walk.Points.Length == Penalties.Length;

    /// <summary>Where the inner phase arrived, or stands.</summary>
    Arrival Here => Inner.ArriveBy(Inner.ArrivedBy ?? StoppedBy.Time);

    public IParallelFor Parallel => Inner.Parallel;

    /// <summary>The best of the penalties done, or the present one while none is.</summary>
    public Arrival ArriveBy(StoppedBy reason)
    {
        var arrival = Walk.Best ?? Inner.ArriveBy(reason);
        return arrival with
        {
            StoppedBy = reason,
            Progress = IsOver ? Walk.Total : Walk.Total.Plus(Here.Progress),
            Path = [.. Walk.Points.Select((point, i) => point with { IsChosen = i == Walk.BestIndex })],
        };
    }

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        if (IsJudging) return Judge(sums);

        var answer = Inner.Tell(sums);
        return answer with
        {
            Phase = (this with { Inner = answer.Phase }).Settled(),
            Steps = [.. answer.Steps.Select(Walk.Total.Plus)],
            Notices = [.. answer.Notices.Select(notice => Walk.Total.Plus(notice))],
            IsMark = false,
        };
    }

    /// <remarks>What is judged was at its last step, which may still be saved.</remarks>
    public void LetGo(IPhase successor)
    {
        if (successor is PathPhase after && after.Walk.Points.Length == Walk.Points.Length) Inner.LetGo(after.Inner);
    }

    public void Save(StateWriter state)
    {
        Walk.Save(state);
        Inner.Save(state);
        state.Write(IsJudging);
    }

    public IPhase Restore(StateReader saved)
    {
        var walk = PathWalk.Restore(saved, Plan);
        var l2 = Penalties[Math.Min(walk.Points.Length, Penalties.Length - 1)];
        return this with { Walk = walk, Inner = Plan.Start(l2, walk.LastPoint).Restore(saved), IsJudging = saved.ReadBoolean() };
    }

    /// <summary>Judging begins where the inner phase has arrived, be it at its start.</summary>
    PathPhase Settled() => this with { IsJudging = !IsOver && Inner.ArrivedBy is not null };

    PhaseAnswer Judge(EvaluationSums sums)
    {
        var here = Here;
        var walk = Walk.Take(Penalties[Walk.Points.Length], here, here.Problem.Score(sums));
        var notice = new PathPointNotice(walk.Points[^1]);
        var next = this with { Walk = walk, IsJudging = false };
        return new(next.IsOver ? next : (next with { Inner = Plan.Start(Penalties[walk.Points.Length], here.Point) }).Settled())
        {
            Notices = [notice],
        };
    }
}

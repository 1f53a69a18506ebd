using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>Tries the certificate at marks of its inner phase where it may be small enough, and ends where it is.</summary>
/// <remarks>
/// A trial costs what closing costs, two passes in double arithmetic, at the numbers that a model file would have: closing afterwards finds
/// the same bound to the bit. <see cref="CertificateTrials"/> says when one is worth it.
/// </remarks>
/// <param name="Target">Upper bound of F − min F that is wanted, above 0.</param>
/// <param name="Certificate">What the entropies are awaited for; null in a trial's first pass, and outside of one.</param>
/// <param name="IsTrying">A trial is under way; the inner phase's own inquiry waits.</param>
/// <param name="IsCertified">The last trial found a bound of at most the target.</param>
sealed record CertifiedPhase(
    TrainingProblem Problem, IPhase Inner, double Target, CertificateTrials Trials, Certificate? Certificate, bool IsTrying,
    bool IsCertified)
    : IPhase
{
    public static CertifiedPhase Start(TrainingProblem problem, IPhase inner, double target) =>
        new(problem, inner, target, CertificateTrials.None, Certificate: null, IsTrying: false, IsCertified: false);

    public Inquiry? Inquiry => (IsTrying, IsCertified) switch
    {
        (true, _) => new(RequestOfTrial, Problem.ParametersToKeep(ArriveBy(StoppedBy.Suboptimality).Point)),
        (_, true) => null,
        _ => Inner.Inquiry,
    };

    public StoppedBy? ArrivedBy => IsTrying ? null : Inner.ArrivedBy ?? (IsCertified ? StoppedBy.Suboptimality : null);

    EvaluationRequest RequestOfTrial => Certificate is null
        ? new EvaluationRequest(EvaluationKind.Closing)
        : new EvaluationRequest(EvaluationKind.Entropy, Mix: Certificate.Mix);

    public IParallelFor Parallel => Problem.Parallel;

    public Arrival ArriveBy(StoppedBy reason) => Inner.ArriveBy(reason);

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        if (!IsTrying) return GoOn(Inner.Tell(sums));
        if (Certificate is not null) return Judge(Certificate.Bound(sums));
        if (sums.NonFinite) return Judge(double.PositiveInfinity);

        var parameters = Inquiry!.Parameters;
        var (value, _) = Problem.Objective.Of(sums, parameters.Values);
        return new(this with { Certificate = new Certificate(Problem.Statistics, Problem.Objective, sums, value) });
    }

    public void LetGo(IPhase successor)
    {
        if (successor is CertifiedPhase after) Inner.LetGo(after.Inner);
    }

    public void Save(StateWriter state)
    {
        Inner.Save(state);
        Trials.Save(state);
        state.Write(IsTrying);
        state.Write(IsCertified);
    }

    /// <summary>A trial under way is begun anew.</summary>
    public IPhase Restore(StateReader saved) => this with
    {
        Inner = Inner.Restore(saved),
        Trials = CertificateTrials.Restore(saved),
        IsTrying = saved.ReadBoolean(),
        IsCertified = saved.ReadBoolean(),
    };

    PhaseAnswer GoOn(PhaseAnswer answer)
    {
        var next = this with { Inner = answer.Phase };
        if (!answer.IsMark || answer.Phase.ArrivedBy is StoppedBy.Tolerance) return answer with { Phase = next };

        var mark = CertificateMark.Of(answer);
        return Trials.IsWorthTrying(mark, Target, Problem.Objective.Penalty.L2Min)
            ? answer with { Phase = next with { IsTrying = true, Trials = Trials.Begin(mark) }, IsMark = false }
            : answer with { Phase = next };
    }

    PhaseAnswer Judge(double bound)
    {
        var next = this with { IsTrying = false, Certificate = null, IsCertified = bound <= Target, Trials = Trials.End(bound) };
        return new(next) { Notices = [new CertificateTriedNotice(ArriveBy(StoppedBy.Suboptimality).Progress.Steps, bound)], IsMark = true };
    }
}

/// <summary>Where a run stands when a trial is considered.</summary>
/// <param name="GradientMax">NaN where only batches are evaluated.</param>
readonly record struct CertificateMark(double GradientMax, int Evaluations, double Epochs)
{
    /// <param name="answer">A mark; without a step where an epoch ends with a batch that has no weight.</param>
    public static CertificateMark Of(PhaseAnswer answer)
    {
        var progress = answer.Phase.ArriveBy(StoppedBy.Suboptimality).Progress;
        return new(answer.Steps.LastOrDefault()?.GradientMax ?? double.NaN, progress.Evaluations, progress.Epochs);
    }
}

/// <summary>The trials of the certificate so far, and whether another one is worth its two passes.</summary>
/// <remarks>
/// Near the optimum the bound is about ‖∂F/∂W‖² / (2λ₂): it falls with the square of the gradient. So the first trial waits until g²/(2λ₂)
/// ≤ target for the largest entry g of the gradient, and the next ones until the last bound found, scaled with g², is small enough. After
/// the n-th trial 4n evaluations of all rows pass in any case; where gradients are those of batches, as many epochs as before it: trials
/// stay a small share.
/// </remarks>
/// <param name="Last">Where the last trial was made.</param>
/// <param name="Bound">What it found; NaN before the first.</param>
readonly record struct CertificateTrials(int Count, CertificateMark Last, double Bound)
{
    const int EvaluationsBetween = 4;

    public static CertificateTrials None => new(0, default, double.NaN);

    /// <param name="l2Min">
    /// The least λ₂ of a feature; at 0 the bound falls like the gradient, not like its square, by a factor to be found out.
    /// </param>
    public bool IsWorthTrying(CertificateMark mark, double target, double l2Min)
    {
        if (double.IsNaN(mark.GradientMax)) return mark.Epochs >= 2 * Last.Epochs;
        if (Count == 0) return l2Min == 0 || mark.GradientMax * mark.GradientMax <= 2 * l2Min * target;
        if (mark.Evaluations < Last.Evaluations + EvaluationsBetween * Count) return false;

        var ratio = mark.GradientMax / Last.GradientMax;
        return Bound * ratio * (l2Min == 0 ? 1 : ratio) <= target || mark.Evaluations >= 2 * Last.Evaluations;
    }

    public CertificateTrials Begin(CertificateMark mark) => new(Count + 1, mark, double.NaN);

    public CertificateTrials End(double bound) => this with { Bound = bound };

    public void Save(StateWriter state)
    {
        state.Write(Count);
        state.Write(Last.GradientMax);
        state.Write(Last.Evaluations);
        state.Write(Last.Epochs);
        state.Write(Bound);
    }

    public static CertificateTrials Restore(StateReader saved) => new(
        saved.ReadInt32(), new(saved.ReadDouble(), saved.ReadInt32(), saved.ReadDouble()), saved.ReadDouble());
}

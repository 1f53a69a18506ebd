using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>Follows a phase until it arrives, then closes. Numbers the parameters that are asked about.</summary>
/// <param name="Version">Of the parameters last asked about.</param>
/// <param name="Asked">They themselves; null before the first question.</param>
sealed record PhasedTrainer(IPhase Phase, long Version, Parameters? Asked) : ITrainer
{
    /// <summary>What a saved state of this trainer begins with.</summary>
    public const string Tag = "phases";

    public bool IsClosing => false;

    public IParallelFor Parallel => Phase.Parallel;

    /// <summary>The first question of a phase that was just started.</summary>
    public static TrainerAnswer Start(IPhase phase) => new PhasedTrainer(phase, 0, null).Ask(new PhaseAnswer(phase));

    /// <summary>The question after the step at which the trainer was saved.</summary>
    /// <param name="phase">Just started.</param>
    public static TrainerAnswer Resume(IPhase phase, StateReader saved)
    {
        var restored = phase.Restore(saved);
        return new PhasedTrainer(restored, saved.ReadInt64(), null).Ask(new PhaseAnswer(restored));
    }

    public TrainerAnswer Tell(EvaluationSums sums) => Ask(Phase.Tell(sums));

    /// <remarks>The closing passes have sums of other lengths; what is spare until then is collected.</remarks>
    public void LetGo(ITrainer successor)
    {
        if (successor is PhasedTrainer after) Phase.LetGo(after.Phase);
        else SpareNumbers.Forget();
    }

    public TrainerAnswer Close(StoppedBy reason) => CloseAfter(new PhaseAnswer(Phase), reason);

    public void Save(StateWriter state)
    {
        state.Tag(Tag);
        Phase.Save(state);
        state.Write(Version);
    }

    TrainerAnswer Ask(PhaseAnswer answer)
    {
        if (answer.Phase is not { Inquiry: { } inquiry }) return CloseAfter(answer, answer.Phase.ArrivedBy!.Value);

        var next = new PhasedTrainer(answer.Phase, inquiry.Parameters.IsSameAs(Asked) ? Version : Version + 1, inquiry.Parameters);
        return new(next, new Question(inquiry.Request, inquiry.Parameters, next.Version), answer.Steps, null) { Notices = answer.Notices };
    }

    TrainerAnswer CloseAfter(PhaseAnswer answer, StoppedBy reason) =>
        ClosingPhase.Start(answer.Phase.ArriveBy(reason), Version, answer.Steps) with { Notices = answer.Notices };
}

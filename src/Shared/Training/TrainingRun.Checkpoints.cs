using DistTrain.Problems;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>Checkpoints: when one is due, what becomes of it, and the last one of a run that is stopped.</content>
public sealed partial record TrainingRun
{
    CheckpointProgress Checkpoints { get; init; }

    /// <summary>How the run ends once its last checkpoint is written; null unless it is being stopped.</summary>
    PendingEnd? Stopping { get; init; }

    sealed record PendingEnd(Problem Why, TimeSpan Deadline);

    TrainingRun SaveIfDue(TimeSpan at, EffectList effects) =>
        _options.Checkpoints is { } plan && Checkpoints.IsDue(plan, at) ? Save(at, effects) : this;

    TrainingRun Save(TimeSpan at, EffectList effects)
    {
        var boundary = Checkpoints.Boundary!;
        effects.Add(new SaveCheckpoint(boundary));
        return this with { Checkpoints = Checkpoints with { Writing = boundary.Step, TriedStep = boundary.Step, TriedAt = at } };
    }

    TrainingRun Saved(CheckpointSaved saved, EffectList effects)
    {
        effects.Add(new Notify(new CheckpointSavedNotice(saved.Step, saved.ByteCount, saved.Elapsed)));
        var known = Checkpoints with { SavedStep = Math.Max(saved.Step, Checkpoints.SavedStep) };
        return (this with { Checkpoints = known }).Written(saved.Step, effects);
    }

    /// <summary>A checkpoint less: the one before stays, and the run goes on.</summary>
    TrainingRun Missed(CheckpointMissed missed, EffectList effects)
    {
        effects.Add(new Notify(new CheckpointMissedNotice(missed.Step, missed.Reason)));
        return Written(missed.Step, effects);
    }

    TrainingRun Written(int step, EffectList effects)
    {
        if (Checkpoints.Writing != step) return this;
        var run = this with { Checkpoints = Checkpoints with { Writing = null } };
        return Phase == RunPhase.Stopping ? run.Fail(Stopping!.Why, effects) : run;
    }

    /// <summary>Ends the run with <paramref name="why"/>, once the newest step is saved.</summary>
    TrainingRun Stop(Problem why, TimeSpan at, EffectList effects)
    {
        if (Stopping is not null || _options.Checkpoints is not { } plan) return Fail(why, effects);
        if (Phase != RunPhase.Advancing && !Checkpoints.HasNews) return Fail(why, effects);

        var deadline = at + plan.StopTimeout;
        effects.Add(new SetTimer(TrainingTimer.Stop, deadline));
        var run = this with { Stopping = new PendingEnd(why, deadline) };
        return Phase == RunPhase.Advancing ? run : run.SaveAndStop(at, effects); // While the trainer thinks, its answer comes first.
    }

    /// <summary>Lets the workers go and waits for the last checkpoint alone.</summary>
    TrainingRun SaveAndStop(TimeSpan at, EffectList effects)
    {
        if (!Checkpoints.HasNews) return Fail(Stopping!.Why, effects);
        var run = Release(Stopping!.Why, effects) with { Phase = RunPhase.Stopping };
        return run.Checkpoints.Writing == run.Checkpoints.Boundary!.Step ? run : run.Save(at, effects);
    }

    TrainingRun GiveUpSaving(TimeSpan at, EffectList effects) =>
        Stopping is not { } pending || at < pending.Deadline ? this : Fail(pending.Why, effects);

    TrainingRun DecideStopping(TrainingEvent happened, EffectList effects)
    {
        switch (happened)
        {
            case CheckpointSaved saved: return Saved(saved, effects);
            case CheckpointMissed missed: return Missed(missed, effects);
            case TermOvertaken overtaken: return (this with { IsOvertaken = true }).Fail(overtaken.Problem, effects);
            case TimerElapsed { Timer: TrainingTimer.Stop } elapsed: return GiveUpSaving(elapsed.At, effects);
            case StopRequested: return Fail(Stopping!.Why, effects);
            case WorkerJoined: return AfterTheEnd(happened, effects);
            default: return this;
        }
    }
}

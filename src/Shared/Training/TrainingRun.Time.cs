using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>The time that training may take. When it is over, training ends where it stands, and closing follows.</content>
public sealed partial record TrainingRun
{
    /// <summary>The time allowed is over.</summary>
    bool IsOutOfTime { get; init; }

    TrainingRun SetLimit(TimeSpan at, EffectList effects)
    {
        if (_options.MaxTime is { } limit) effects.Add(new SetTimer(TrainingTimer.Limit, at + limit));
        return this;
    }

    /// <summary>
    /// An evaluation under way is abandoned; a trainer that thinks is stopped when it has answered, a run that forms when it has formed.
    /// </summary>
    TrainingRun RunOutOfTime(TimeSpan at, EffectList effects)
    {
        if (_options.MaxTime is not { } limit || at < limit || IsOutOfTime || Trainer.IsClosing) return this;

        effects.Add(new Notify(new TimeRanOutNotice(at)));
        var run = this with { IsOutOfTime = true };
        if (Phase != RunPhase.Evaluating) return run;

        CloseEvaluation(Leases.Held.Keys.Union(Leases.Outrun), effects);
        return run.StopTraining(at, effects);
    }

    TrainingRun StopTraining(TimeSpan at, EffectList effects)
    {
        effects.Add(new StopTrainer(Evaluation, Trainer, StoppedBy.Time));
        return AwaitTrainer(at, effects);
    }
}

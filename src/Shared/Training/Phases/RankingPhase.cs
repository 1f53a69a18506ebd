using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;

namespace DistTrain.Training.Phases;

/// <summary>Awaits how the validation part spreads over the bins of some classes' probabilities; not for very many classes.</summary>
sealed record RankingPhase(ClosingPhase Closing, TrainingResult Measured, ClassRanking Ranking) : ITrainer
{
    public bool IsClosing => true;

    /// <param name="measured">With the validation part's metrics.</param>
    public static TrainerAnswer Start(ClosingPhase closing, TrainingResult measured) =>
        ClassRanking.Of(closing.Problem.Objective.Shape) is { } ranking
            ? new RankingPhase(closing, measured, ranking).Ask()
            : CalibrationPhase.Start(closing, measured);

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        if (Ranking.Tell(sums) is not { } ranking) return CalibrationPhase.Start(Closing, Measured);
        return ranking.IsComplete ? CalibrationPhase.Start(Closing, WithAreas(ranking)) : (this with { Ranking = ranking }).Ask();
    }

    public TrainerAnswer Close(StoppedBy reason) => Closing.Close(reason);

    public void Save(StateWriter state) => Closing.Save(state);

    TrainerAnswer Ask() => new(this, Closing.Ask(Ranking.Request(DatasetPart.Validation)), [], null);

    TrainingResult WithAreas(ClassRanking ranking) => Measured with
    {
        Validation = Scoring.WithAreas(Measured.Validation!, ranking.Areas, Closing.Problem.Manifest.InactiveClasses),
    };
}

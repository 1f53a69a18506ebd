using DistTrain.Coordinator.Training;
using DistTrain.Formats;
using DistTrain.Training;

namespace DistTrain.Coordinator.Output;

/// <summary>One penalty of a path, judged by the validation part; with folds, means over these.</summary>
/// <param name="L2">λ₂.</param>
sealed record PathPointJson(
    double L2, double Steps, double Evaluations, string? StoppedBy, double? Objective, double? LogLoss, double? LogLossDeviation,
    double Accuracy, double MacroF1, bool Chosen);

/// <summary>A cross-validation, at the penalty chosen.</summary>
/// <param name="L2">λ₂.</param>
sealed record FoldsJson(double L2, SpreadJson? LogLoss, SpreadJson Accuracy, SpreadJson MacroF1, IReadOnlyList<FoldJson> Each)
{
    public static FoldsJson Of(FoldedRuns folds)
    {
        var chosen = folds.Summary.Chosen;
        return new FoldsJson(
            chosen.L2, Finite(chosen.LogLoss), Of(chosen.Accuracy), Of(chosen.MacroF1),
            [.. folds.Runs.Zip(chosen.Folds, Of)]);
    }

    /// <summary>What the folder of a fold keeps.</summary>
    /// <param name="classes">Names of all classes.</param>
    public static FoldResultJson Of(FoldRun run, IReadOnlyList<string> classes) => new(
        run.Number, run.Fingerprint, Words.Of(run.Result.StoppedBy), run.Result.Converged, run.Result.L2, run.Result.Steps,
        run.Result.Evaluations,
        run.Result.Objective, MetricsJson.OfTraining(run.Result.Training, classes),
        MetricsJson.OfValidation(run.Result.Validation!, classes),
        run.Result.Path.IsEmpty ? null : [.. run.Result.Path.Select(Of)]);

    /// <summary>A penalty of one run.</summary>
    public static PathPointJson Of(PathPoint point) => new(
        point.L2, point.Steps, point.Evaluations, Words.Of(point.StoppedBy), point.Objective, Finite(point.LogLoss), null,
        point.Accuracy, point.MacroF1, point.IsChosen);

    /// <summary>A penalty in all folds.</summary>
    public static PathPointJson Of(PenaltyScores scores, bool isChosen) => new(
        scores.L2, scores.Folds.Average(fold => fold.Steps), scores.Folds.Average(fold => fold.Evaluations), null, null,
        Finite(scores.LogLoss.Mean), Finite(scores.LogLoss.Deviation), scores.Accuracy.Mean, scores.MacroF1.Mean, isChosen);

    static FoldJson Of(FoldRun run, FoldScore score) => new(
        run.Number, run.Shown, run.Result.Validation!.Examples, score.Steps, score.Evaluations, Finite(score.LogLoss), score.Accuracy,
        score.MacroF1);

    static SpreadJson Of(Spread spread) => new(spread.Mean, spread.Deviation);

    static SpreadJson? Finite(Spread spread) => double.IsFinite(spread.Mean) ? Of(spread) : null;

    static double? Finite(double number) => double.IsFinite(number) ? number : null;
}

/// <summary>Mean over the folds, and the standard deviation of one fold from it.</summary>
sealed record SpreadJson(double Mean, double Deviation);

/// <summary>One fold, judged by the rows that did not train in it.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Examples">Rows judged.</param>
sealed record FoldJson(
    int Fold, string Run, long Examples, int Steps, int Evaluations, double? LogLoss, double Accuracy, double MacroF1);

/// <summary>result.json of a fold.</summary>
sealed record FoldResultJson(
    int Fold, string Dataset, string StoppedBy, bool Converged, double L2, int Steps, int Evaluations, double Objective,
    PartMetricsJson Training, PartMetricsJson Validation, IReadOnlyList<PathPointJson>? Path);

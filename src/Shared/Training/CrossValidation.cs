using System.Collections.Immutable;

namespace DistTrain.Training;

/// <summary>What the folds of a cross-validation say together, penalty by penalty.</summary>
/// <remarks>Folds differ by at most one row, so means over folds are plain. Of equal means the larger penalty's counts as better.</remarks>
/// <param name="Penalties">In the order of training: descending.</param>
/// <param name="ChosenIndex">The penalty of the least mean log-loss.</param>
public sealed record CrossValidation(ImmutableArray<PenaltyScores> Penalties, int ChosenIndex)
{
    /// <summary>The penalty to train with.</summary>
    public PenaltyScores Chosen => Penalties[ChosenIndex];

    /// <remarks>
    /// Where time ended paths early, the penalties that all folds came to count; where some fold came to none, the first.
    /// </remarks>
    /// <param name="folds">The results of at least 2 folds, trained with the same penalties; each with a validation part.</param>
    public static CrossValidation Of(IReadOnlyList<TrainingResult> folds)
    {
        ImmutableArray<PenaltyScores> penalties =
            [.. Enumerable.Range(0, Math.Max(1, folds.Min(fold => fold.Path.Length))).Select(i => ScoresOf(folds, i))];
        var chosen = 0;
        for (var i = 1; i < penalties.Length; i++)
        {
            if (penalties[i].LogLoss.Mean < penalties[chosen].LogLoss.Mean) chosen = i;
        }
        return new(penalties, chosen);
    }

    /// <summary>
    /// Of penalty number <paramref name="index"/>. A fold without a path, or that did not end its first penalty, has its result for it.
    /// </summary>
    static PenaltyScores ScoresOf(IReadOnlyList<TrainingResult> folds, int index) => new(
        folds[0].Path.IsEmpty ? folds[0].L2 : folds[0].Path[index].L2,
        [.. folds.Select(fold => fold.Path.IsEmpty ? ScoreOf(fold) : ScoreOf(fold.Path[index]))]);

    static FoldScore ScoreOf(PathPoint point) => new(point.Steps, point.Evaluations, point.LogLoss, point.Accuracy, point.MacroF1);

    static FoldScore ScoreOf(TrainingResult result) => new(
        result.Steps, result.Evaluations, result.Validation!.KnownLogLoss, result.Validation.Accuracy, result.Validation.MacroF1);
}

/// <summary>One penalty in all folds.</summary>
/// <param name="L2">λ₂.</param>
public sealed record PenaltyScores(double L2, ImmutableArray<FoldScore> Folds)
{
    public Spread LogLoss => Spread.Of([.. Folds.Select(fold => fold.LogLoss)]);

    public Spread Accuracy => Spread.Of([.. Folds.Select(fold => fold.Accuracy)]);

    public Spread MacroF1 => Spread.Of([.. Folds.Select(fold => fold.MacroF1)]);
}

/// <summary>One penalty in one fold, judged by the rows that did not train there.</summary>
public sealed record FoldScore(int Steps, int Evaluations, double LogLoss, double Accuracy, double MacroF1);

/// <summary>Mean and standard deviation of a few numbers.</summary>
/// <param name="Deviation">√(Σ (x − mean)² / (n − 1)).</param>
public readonly record struct Spread(double Mean, double Deviation)
{
    /// <param name="numbers">At least 2.</param>
    public static Spread Of(ReadOnlySpan<double> numbers)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var number in numbers) sum += number;
        var mean = sum / numbers.Length;
        foreach (var number in numbers) squares += (number - mean) * (number - mean);
        return new(mean, Math.Sqrt(squares / (numbers.Length - 1)));
    }
}

using System.Collections.Immutable;
using DistTrain.Learning.Metrics;

namespace DistTrain.Learning;

/// <summary>How good a model is on some rows; every row counts by its weight. Of all classes in the order of the class list.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>Rows with weight above 0.</summary>
    public required long Examples { get; init; }

    /// <summary>Σ wᵢ.</summary>
    public required double WeightSum { get; init; }

    /// <summary>
    /// Weighted mean of −log p(observed class), nats, p the natural probabilities; null where
    /// a row's class has probability 0, a loss is too large to be added, or no row has weight.
    /// </summary>
    public required double? LogLoss { get; init; }

    /// <summary>
    /// <see cref="LogLoss"/>, rows left out whose class the model gives probability 0: they are the same rows for every model of the
    /// same training part, so that such models can be compared. +∞ where it is not known.
    /// </summary>
    public required double KnownLogLoss { get; init; }

    /// <summary>Rows whose class the model gives probability 0.</summary>
    public required long ImpossibleExamples { get; init; }

    /// <summary>Weight of rows of observed class i given label j, at [i, j].</summary>
    public required double[,] Confusion { get; init; }

    /// <summary>Share of weight with the right label.</summary>
    public required double Accuracy { get; init; }

    /// <summary>
    /// Unweighted mean of F1 over the classes that occur, observed or given (scikit-learn's convention: 0 where undefined).
    /// </summary>
    public required double MacroF1 { get; init; }

    /// <summary>Accuracy of always answering the training part's heaviest class.</summary>
    public required double MajorityAccuracy { get; init; }

    /// <summary>
    /// For k = 1, 2, 3 and 5, where below the number of classes of the softmax; empty where a loss is too large or no row has weight.
    /// </summary>
    public ImmutableArray<TopAccuracy> TopAccuracies { get; init; } = [];

    /// <summary>Weighted mean of Σₖ (pₖ − yₖ)², in [0, 2]; null as <see cref="TopAccuracies"/> is empty.</summary>
    public double? BrierScore { get; init; }

    /// <summary>
    /// Σ over the bins of share of weight · |accuracy − confidence|, in [0, 1]; null as <see cref="TopAccuracies"/> is empty.
    /// </summary>
    public double? ExpectedCalibrationError { get; init; }

    /// <summary>The bins of top probability that hold weight, rising; empty as <see cref="TopAccuracies"/> is.</summary>
    public ImmutableArray<ReliabilityBin> Reliability { get; init; } = [];

    /// <summary>
    /// Plain mean of the classes' one-vs-rest areas, over those that have one; null where none has, or they were not asked for.
    /// </summary>
    public double? RocAuc { get; init; }

    /// <summary>One entry per class.</summary>
    public required ClassMetrics[] PerClass { get; init; }
}

/// <summary>One class against the rest.</summary>
/// <param name="Precision">Share of the weight given this label that has it; 0 where none was given.</param>
/// <param name="Recall">Share of the class's weight given its label; 0 where the class does not occur.</param>
/// <param name="Support">Weight of the class's rows.</param>
public sealed record ClassMetrics(double Precision, double Recall, double F1, double Support)
{
    /// <summary>
    /// Weighted mean of −log p(class) over the class's rows, nats; null where it has none, or probability 0, or a loss is too large.
    /// </summary>
    public double? LogLoss { get; init; }

    /// <summary>
    /// The chance that one of its rows has a higher probability of the class than one of the others, equal ones counted half; null
    /// where there are no such rows, or no others, or it was not asked for.
    /// </summary>
    public double? RocAuc { get; init; }
}

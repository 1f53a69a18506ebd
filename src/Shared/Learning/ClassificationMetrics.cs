namespace DistTrain.Learning;

/// <summary>How good a model is on some rows; every row counts by its weight. Of all classes in the order of the class list.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>Rows with weight above 0.</summary>
    public required long Examples { get; init; }

    /// <summary>Σ wᵢ.</summary>
    public required double WeightSum { get; init; }

    /// <summary>Weighted mean of −log p(observed class), nats; null where a row's class has probability 0, a loss is too large to be added, or no row has weight.</summary>
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

    /// <summary>Unweighted mean of F1 over the classes that occur, observed or given (scikit-learn's convention: 0 where undefined).</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Accuracy of always answering the training part's heaviest class.</summary>
    public required double MajorityAccuracy { get; init; }

    /// <summary>One entry per class.</summary>
    public required ClassMetrics[] PerClass { get; init; }
}

/// <summary>One class against the rest.</summary>
/// <param name="Precision">Share of the weight given this label that has it; 0 where none was given.</param>
/// <param name="Recall">Share of the class's weight given its label; 0 where the class does not occur.</param>
/// <param name="Support">Weight of the class's rows.</param>
public sealed record ClassMetrics(double Precision, double Recall, double F1, double Support);

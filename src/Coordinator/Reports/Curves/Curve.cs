using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Curves;

/// <summary>A figure of the steps that is drawn upwards.</summary>
/// <param name="Name">Begins with a capital.</param>
/// <param name="Unit">And what else is to be said, in brackets.</param>
/// <param name="Style">Class of its line in the style sheet.</param>
/// <param name="ValueOf">Null where a step has none.</param>
/// <param name="Text">The value for people.</param>
sealed record Curve(string Name, string Unit, string Style, Func<StepPoint, double?> ValueOf, Func<double, string> Text)
{
    /// <summary>A value to compare with.</summary>
    public double? Level { get; init; }

    public bool IsLogarithmic { get; init; }

    /// <summary>It is noisy: the means over the epochs are drawn with it.</summary>
    public bool HasMeans { get; init; }

    /// <summary>All that there may be, in order.</summary>
    public static IEnumerable<Curve> Of(ReportData data)
    {
        if (data.IsMinibatch) yield return OfBatches(data.Result.Objective);
        else yield return new("Objective", "(nats)", "s1", point => point.Objective, Figures.Value);
        if (!data.IsMinibatch && data.Result.Path.IsEmpty && data.UsefulBound is { } bound)
            yield return Distance(data.Result.Objective - bound);
        yield return new("Largest scaled gradient entry", "(log scale)", "s1", point => Positive(point.GradientMax), Figures.Small)
        {
            IsLogarithmic = true,
        };
        yield return new("Log-loss, held out", "(nats)", "s2", point => point.ValidationLogLoss, Figures.Value);
    }

    /// <param name="least">What no objective can be below.</param>
    static Curve Distance(double least) => new(
        "Distance to the best possible", "(nats, at most; log scale)", "s1", point => Positive(point.Objective - least), Figures.Small)
    {
        IsLogarithmic = true,
    };

    static Curve OfBatches(double objective) => new(
        "Objective of the batch", "(nats; dots: mean of each epoch; dashed: the model on all training rows)", "s1",
        point => point.Objective, Figures.Value)
    {
        Level = objective,
        HasMeans = true,
    };

    /// <summary>Nothing at or below 0 has a place on a log scale.</summary>
    static double? Positive(double? value) => value > 0 ? value : null;
}

/// <summary>What is drawn from left to right.</summary>
sealed record CurveAxis(string Name, Func<StepPoint, double> ValueOf)
{
    /// <summary>Work done, then time.</summary>
    public static CurveAxis[] Of(ReportData data) =>
    [
        data.IsMinibatch ? new("epochs", point => point.Epochs) : new("evaluations", point => point.Evaluations),
        new("seconds", point => point.Seconds),
    ];
}

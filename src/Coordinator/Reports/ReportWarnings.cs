using DistTrain.Coordinator.Output;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Coordinator.Reports;

/// <summary>What one should know before one trusts the figures of a report.</summary>
static class ReportWarnings
{
    /// <summary>Rows of less weight than this say little about a class.</summary>
    public const double SupportMin = 30;

    const int NamesMax = 5;

    public static IEnumerable<string> Of(ReportData data) =>
    [
        .. data.Model.Origin.Synthetic is { } sample ? new[] { TrainingReport.Synthetic(sample) + "." } : [],
        .. OfTheEnd(data),
        .. data.Warnings,
        .. OfClasses(data),
        .. OfFigures(data),
    ];

    static IEnumerable<string> OfTheEnd(ReportData data)
    {
        var result = data.Result;
        if (result.Converged || result.Separation is not null) yield break; // The latter has a warning of its own.
        var distance = data.UsefulBound is { } bound
            ? $"The objective is within {Figures.Small(bound)} of the best possible."
            : "How far it is from the best possible is not known.";
        yield return result.StoppedBy switch
        {
            StoppedBy.Precision => $"Not converged: the gradient is as small as float gradients can resolve. {distance}",
            StoppedBy.Epochs => $"Not converged: training ended after the epochs it was given. {distance}",
            var reason => $"Not converged: training was stopped by {Words.Of(reason)}. {distance}",
        };
    }

    static IEnumerable<string> OfClasses(ReportData data)
    {
        var (classes, weights) = (data.Model.Classes, data.Model.TrainingClassWeights);
        if (classes.Inactive is { IsEmpty: false } idle)
            yield return $"{Count(idle)} without training rows, and so never answered: {Names(data, idle)}.";
        var small = classes.Active.Where(k => weights[k] < SupportMin).ToList();
        if (small.Count > 0) yield return $"{Count(small)} of very few training rows (weight below {SupportMin}): {Names(data, small)}.";
        if (data.Result.Validation is not { } held) yield break;
        var thin = classes.Active.Except(small).Where(k => held.PerClass[k].Support < SupportMin).ToList();
        if (thin.Count == 0) yield break;
        yield return $"{Count(thin)} of very few rows held out (weight below {SupportMin}), whose figures say little: {Names(data, thin)}.";
    }

    static string Count(IReadOnlyCollection<int> classes) => Figures.Count(classes.Count, "class", "classes");

    static IEnumerable<string> OfFigures(ReportData data)
    {
        var judged = data.Judged;
        if (!data.IsHeldOut) yield return "Nothing was held out: the figures are those of the rows that the model was trained on.";
        if (judged.LogLoss is null) yield return $"The log-loss is {MetricsReport.LogLoss(judged)}.";
        if (judged.WeightSum > 0 && judged.Accuracy <= judged.MajorityAccuracy)
            yield return $"The labels are no better than always answering “{data.NameOf(data.Model.MajorityClass)}”.";
    }

    static string Names(ReportData data, IReadOnlyCollection<int> classes)
    {
        var rest = classes.Count > NamesMax ? $" and {Figures.Count(classes.Count - NamesMax)} more" : "";
        return string.Join(", ", classes.Take(NamesMax).Select(k => $"“{data.NameOf(k)}”")) + rest;
    }
}

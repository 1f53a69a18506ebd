using System.Collections.Immutable;
using DistTrain.Coordinator.Reports.Charts;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Learning.Metrics;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>Whether probabilities mean what they say.</summary>
static class CalibrationSection
{
    public static Element? Of(ReportData data) => data.Judged.Reliability.IsDefaultOrEmpty ? null : new("section", ("id", "calibration"),
        new Element("h2", data.IsHeldOut ? "Calibration, on the rows held out" : "Calibration, on the training rows"),
        new Element("p", InWords(data)),
        Charts(data),
        Bins(data.Judged.Reliability),
        data.Result.Calibration is { } calibration ? Fitted(calibration) : null);

    static string InWords(ReportData data)
    {
        var bins = data.Judged.Reliability;
        var total = bins.Sum(bin => bin.Weight);
        var confidence = bins.Sum(bin => bin.Weight * bin.Confidence) / total;
        var accuracy = bins.Sum(bin => bin.Weight * bin.Accuracy) / total;
        var verdict = confidence == accuracy ? "as sure as it may be"
            : $"{(confidence > accuracy ? "too sure" : "not sure enough")}, by {Figures.Share(Math.Abs(confidence - accuracy))}";
        var error = data.Judged.ExpectedCalibrationError is { } expected ? $" Expected calibration error: {Figures.Share(expected)}." : "";
        return $"The most probable class has a probability of {Figures.Share(confidence)} on average, and it is the observed one for a share " +
            $"of {Figures.Share(accuracy)} of the weight: on the whole the model is {verdict}.{error}";
    }

    static Element Charts(ReportData data)
    {
        var bins = data.Judged.Reliability;
        var heaviest = bins.MaxBy(bin => bin.Weight)!;
        var before = data.Result.Calibration is null ? "" : ", before the temperature";
        const string Where = "The numbers are in the table of bins below.";
        return new("div", ("class", "charts"),
            Cells.Figure("Reliability", $"accuracy by top probability{before}; dashed: a perfect match", ReliabilityChart.Draw(
                $"Accuracy by mean top probability in {bins.Length} bins: from {Point(bins[0])} to {Point(bins[^1])}. {Where}", bins)),
            Cells.Figure("How sure it is", $"share of the weight by top probability{before}", ReliabilityChart.DrawShares(
                $"Share of the weight by top probability in {bins.Length} bins: most in {Range(heaviest)}. {Where}", bins)));
    }

    static Element Bins(ImmutableArray<ReliabilityBin> bins)
    {
        var total = bins.Sum(bin => bin.Weight);
        return Cells.Folded("Table of bins",
            new Table<ReliabilityBin>("Bins of top probability", bins)
                .Name("top probability", Range)
                .Number("weight", bin => Figures.Weight(bin.Weight))
                .Number("share", bin => Figures.Percent(bin.Weight / total))
                .Number("mean probability", bin => Figures.Share(bin.Confidence))
                .Number("accuracy", bin => Figures.Share(bin.Accuracy))
                .Number("difference", bin => Figures.Signed(bin.Accuracy - bin.Confidence)),
            Cells.Note("Bins of equal width; those without weight are left out."));
    }

    static Fragment Fitted(Calibration calibration) => new(
        new Element("h3", "Temperature"),
        new Element("p",
            $"The logits are divided by {Figures.Value(calibration.Temperature)}, which was fitted on the rows held out; predict applies it. " +
            (calibration.Temperature > 1 ? "Above 1, it makes the model less sure." : "At most 1, it makes the model surer, if anything.") +
            (calibration.IsAtLimit ? " No temperature is the best: this is where the search ended." : "")),
        new Table<(string When, double LogLoss)>("Log-loss before and after the temperature",
                [("before", calibration.LogLossBefore), ("after (fitted)", calibration.LogLossFitted)])
            .Name("log-loss, held out", row => row.When)
            .Number("nats", row => Figures.Value(row.LogLoss)),
        Cells.Note(
            "Fitted on the very rows that it is measured on, the second figure is no estimate for others. " +
            "The charts above are those before."));

    static string Range(ReliabilityBin bin) => $"{Figures.Percent(bin.From)} to {Figures.Percent(bin.To)}";

    static string Point(ReliabilityBin bin) => $"{Figures.Share(bin.Accuracy)} at {Figures.Share(bin.Confidence)}";
}

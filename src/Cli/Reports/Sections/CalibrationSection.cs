using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Charts;
using DistTrain.Cli.Reports.Markup;
using DistTrain.Learning.Metrics;
using DistTrain.Training;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>Whether probabilities mean what they say.</summary>
static class CalibrationSection
{
    public static Element? Of(ReportData data) => data.Judged.Reliability.IsDefaultOrEmpty ? null : new("section", ("id", "calibration"),
        new Element("h2", data.IsHeldOut ? "Calibration, on the rows held out" : "Calibration, on the training rows"),
        new Element("p", InWords(data)),
        Charts(data),
        Bins(data),
        data.Result.Calibration is { } calibration ? Fitted(calibration) : null);

    static string InWords(ReportData data)
    {
        var bins = data.Judged.Reliability;
        var total = bins.Sum(bin => bin.Weight);
        var (confidence, accuracy) = (bins.Sum(bin => bin.Weight * bin.Confidence) / total, bins.Sum(bin => bin.Weight * bin.Accuracy) / total);
        var error = data.Judged.ExpectedCalibrationError is { } expected ? $" Expected calibration error: {Figures.Share(expected)}." : "";
        var verdict = confidence > accuracy ? "on the whole the model is too sure" : "on the whole the model is not sure enough";
        return $"The most probable class has a probability of {Figures.Share(confidence)} on average, and it is the observed one for a share of {Figures.Share(accuracy)} of the weight: " +
            $"{(confidence == accuracy ? "on the whole the model is as sure as it may be" : $"{verdict}, by {Figures.Share(Math.Abs(confidence - accuracy))}")}.{error}";
    }

    static Element Charts(ReportData data)
    {
        var bins = data.Judged.Reliability;
        var before = data.Result.Calibration is null ? "" : ", before the temperature";
        var text = $"Accuracy by mean top probability in {bins.Length} bins: from {Point(bins[0])} to {Point(bins[^1])}. The numbers are in the table of bins below.";
        var heaviest = bins.MaxBy(bin => bin.Weight)!;
        var shares = $"Share of the weight by top probability: the heaviest bin is {Range(heaviest)} with {Figures.Percent(heaviest.Weight / bins.Sum(bin => bin.Weight))}. The numbers are in the table of bins below.";
        return new("div", ("class", "charts"),
            new Element("figure",
                new Element("figcaption", new Element("b", "Reliability"), $" accuracy by top probability{before}; dashed: a perfect match"),
                ReliabilityChart.Draw(text, bins)),
            new Element("figure",
                new Element("figcaption", new Element("b", "How sure it is"), $" share of the weight by top probability{before}"),
                ReliabilityChart.DrawShares(shares, bins)));
    }

    static Element Bins(ReportData data)
    {
        var bins = data.Judged.Reliability;
        var total = bins.Sum(bin => bin.Weight);
        return Cells.Folded("Table of bins",
            Cells.Table("Bins of top probability",
                [Cells.Heading("top probability"), Cells.NumberHeading("weight"), Cells.NumberHeading("share"), Cells.NumberHeading("mean probability"), Cells.NumberHeading("accuracy"), Cells.NumberHeading("difference")],
                bins.Select(bin => Cells.Row(
                    Cells.Name(Range(bin)), Cells.Number(Figures.Weight(bin.Weight)), Cells.Number(Figures.Percent(bin.Weight / total)),
                    Cells.Number(Figures.Share(bin.Confidence)), Cells.Number(Figures.Share(bin.Accuracy)), Cells.Number(Figures.Signed(bin.Accuracy - bin.Confidence))))),
            Cells.Note("Bins of equal width; those without weight are left out."));
    }

    static Fragment Fitted(Calibration calibration) => new(
        new Element("h3", "Temperature"),
        new Element("p", $"The logits are divided by {Figures.Value(calibration.Temperature)}, which was fitted on the rows held out; predict applies it. " +
            $"{(calibration.Temperature > 1 ? "Above 1, it makes the model less sure." : "Not above 1, it makes the model no less sure.")}" +
            $"{(calibration.IsAtLimit ? " No temperature is the best: this is where the search ended." : "")}"),
        Cells.Table("Log-loss before and after the temperature",
            [Cells.Heading("log-loss, held out"), Cells.NumberHeading("nats")],
            [
                Cells.Row(Cells.Name("before"), Cells.Number(Figures.Value(calibration.LogLossBefore))),
                Cells.Row(Cells.Name("after (fitted)"), Cells.Number(Figures.Value(calibration.LogLossFitted))),
            ]),
        Cells.Note("Fitted on the very rows that it is measured on, the second figure is no estimate for others. The charts above are those before."));

    static string Range(ReliabilityBin bin) => $"{Figures.Percent(bin.From)} to {Figures.Percent(bin.To)}";

    static string Point(ReliabilityBin bin) => $"{Figures.Share(bin.Accuracy)} at {Figures.Share(bin.Confidence)}";
}

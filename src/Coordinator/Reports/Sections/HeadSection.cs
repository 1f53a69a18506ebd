using System.Globalization;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>What it is, what to be careful about, and the figures that matter most.</summary>
static class HeadSection
{
    const int WarningsMax = 30;

    public static Fragment Of(ReportData data) => new(Title(data), Warnings(data), Summary(data));

    static Element Title(ReportData data)
    {
        var shape = $"{Figures.Count(data.ClassCount)} classes, {Figures.Count(data.Model.Schema.FeatureCount, "feature", "features")}, " +
            $"{Figures.Count(data.Result.Training.Examples, "training example", "training examples")}";
        var time = data.Finished.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var resumed = data.ResumedFromStep is { } step ? $" Resumed from step {Figures.Count(step)}." : "";
        return new("header",
            new Element("p", ("class", "kind"), "DistTrain report"),
            new Element("h1", Clipped.Name(data.Run)),
            new Element("p", $"Softmax classifier, {shape}. Trained by {Words.Of(data.Model.Origin.Optimizer)}, finished {time}.{resumed}"));
    }

    static Element? Warnings(ReportData data)
    {
        var warnings = ReportWarnings.Of(data).ToList();
        var leftOut = warnings.Count - WarningsMax;
        return warnings.Count == 0 ? null : new("section", ("class", "warnings"), ("aria-label", "Warnings"),
            new Element("h2", "Before you trust the figures"),
            new Element("ul", warnings.Take(WarningsMax).Select(warning => new Element("li", Clipped.Line(warning)))),
            leftOut <= 0 ? null : Cells.Note($"{Figures.Count(leftOut)} more are left out: they were printed during the run."));
    }

    static Element Summary(ReportData data)
    {
        var (judged, result) = (data.Judged, data.Result);
        var part = data.IsHeldOut ? "held out" : "training rows";
        var baseline = Baseline.LogLoss(data.Model, judged);
        return new("dl", ("class", "tiles"),
            Tile(
                $"Log-loss, {part}", judged.LogLoss is { } loss ? Short(loss) : "none",
                baseline is { } shares ? $"{Short(shares)} from class shares alone" : "nats"),
            Tile($"Accuracy, {part}", Short(judged.Accuracy), $"{Short(judged.MajorityAccuracy)} from the majority class"),
            Tile($"Macro-F1, {part}", Short(judged.MacroF1), "mean over the classes"),
            Tile(
                "Objective", Short(result.Objective),
                data.UsefulBound is { } bound ? $"within {Figures.Small(bound)} of the best possible" : "no certificate"),
            Tile(
                data.ResumedFromStep is null ? "Time" : "Time since resumed", Figures.Duration(data.Elapsed),
                $"{Figures.Count(result.Steps, "step", "steps")}, stopped by {Words.Of(result.StoppedBy)}"));
    }

    static Element Tile(string name, string value, string beside) => new("div",
        new Element("dt", name), new Element("dd", ("class", "value"), value), new Element("dd", beside));

    static string Short(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}

using System.Globalization;
using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Charts;
using DistTrain.Cli.Reports.Curves;
using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>How training went: each figure by work done and by time.</summary>
static class CurvesSection
{
    const int RowsMax = 40;

    /// <summary>Penalties of a path whose marks still have room for words.</summary>
    const int WordsMax = 4;

    public static Element Of(ReportData data)
    {
        var horizontals = Horizontal.Of(data);
        var charts = Figure.Of(data).Where(figure => figure.IsThere(data.History)).SelectMany(figure => horizontals.Select(horizontal => Chart(data, figure, horizontal))).ToList();
        return new("section", ("id", "training"),
            new Element("h2", "How training went"),
            charts.Count == 0 ? Cells.Note("No step was taken.") : new Element("div", [("class", "charts"), .. charts]),
            IsMinibatch(data) && data.History.EpochMeans() is { Count: > 0 } epochs ? Epochs(data, epochs) : null,
            charts.Count == 0 ? null : Steps(data));
    }

    static Element Chart(ReportData data, Figure figure, Horizontal horizontal)
    {
        var points = data.History.Points.Select(point => (X: horizontal.ValueOf(point), Y: figure.ValueOf(point)))
            .Where(point => point.Y is not null).Select(point => (point.X, point.Y!.Value)).ToList();
        var marks = data.History.Resumptions.Select(resumption => (horizontal.ValueOf(resumption.Before), "resumed"))
            .Concat(PenaltyEnds(data).Select(point => (horizontal.ValueOf(point), data.Result.Path.Length <= WordsMax ? "next λ₂" : "")));
        IReadOnlyList<StepPoint> means = figure.HasMeans ? data.History.EpochMeans() : [];
        var text = $"{figure.Name} by {horizontal.Name}: from {figure.Text(points[0].Value)} to {figure.Text(points[^1].Value)} after {Figures.Value(points[^1].X)} {horizontal.Name}. The numbers are in the table of steps below.";
        return new("figure",
            new Element("figcaption", new Element("b", figure.Name), $" {figure.Unit}, by {horizontal.Name}"),
            LineChart.Draw(text, horizontal.Name,
                [
                    new Line(means.Count > 0 ? "s1 faint" : figure.Style, points),
                    .. means.Count > 0 ? new[] { new Line("s2", [.. means.Select(mean => (horizontal.ValueOf(mean), mean.Objective!.Value))]) } : [],
                ],
                marks, figure.Level, figure.IsLogarithmic));
    }

    /// <summary>The last step of each penalty of a path but the last one: from there on it is another objective.</summary>
    static IEnumerable<StepPoint> PenaltyEnds(ReportData data)
    {
        var evaluations = 0;
        foreach (var point in data.Result.Path.SkipLast(1))
        {
            evaluations += point.Evaluations;
            if (data.History.Points.LastOrDefault(step => step.Evaluations <= evaluations) is { Evaluations: > 0 } last) yield return last;
        }
    }

    static Element Epochs(ReportData data, IReadOnlyList<StepPoint> epochs)
    {
        var shown = Spread(epochs);
        return Cells.Folded("Table of epochs",
            Cells.Table("Epochs",
                [Cells.NumberHeading("epochs"), Cells.NumberHeading("step"), Cells.NumberHeading("seconds"), Cells.NumberHeading("mean objective of the batches")],
                shown.Select(epoch => Cells.Row(
                    Cells.Number(EpochsText(epoch)), Cells.Number(Figures.Count(epoch.Step)), Cells.Number(SecondsText(epoch)), Cells.Number(Figures.Value(epoch.Objective!.Value))))),
            Rest(data, shown.Count, epochs.Count));
    }

    /// <summary>As many as a table has room for, evenly spread, the first and the last among them.</summary>
    static List<StepPoint> Spread(IReadOnlyList<StepPoint> points) =>
        [.. Enumerable.Range(0, Math.Min(RowsMax, points.Count)).Select(i => points[points.Count <= RowsMax ? i : (int)((long)i * (points.Count - 1) / (RowsMax - 1))])];

    static Element? Rest(ReportData data, int shown, int all) => shown == all ? null
        : Cells.Note($"Shown are {Figures.Count(shown)} of {Figures.Count(all)} lines, the first and the last among them: {data.Run}/events.jsonl has all.");

    static string EpochsText(StepPoint point) => point.Epochs.ToString("0.##", CultureInfo.InvariantCulture);

    static string SecondsText(StepPoint point) => point.Seconds.ToString("0.000", CultureInfo.InvariantCulture);

    static Element Steps(ReportData data)
    {
        var (points, figures) = (data.History.Points, Figure.Of(data).Where(figure => figure.IsThere(data.History)).ToList());
        var shown = Spread(points);
        return Cells.Folded("Table of steps",
            Cells.Table("Steps",
                [Cells.NumberHeading("step"), Cells.NumberHeading("evaluations"), Cells.NumberHeading("epochs"), Cells.NumberHeading("seconds"), .. figures.Select(figure => Cells.NumberHeading(figure.Name.ToLowerInvariant()))],
                shown.Select(point => Cells.Row(
                [
                    Cells.Number(Figures.Count(point.Step)), Cells.Number(Figures.Count(point.Evaluations)),
                    Cells.Number(EpochsText(point)), Cells.Number(SecondsText(point)),
                    .. figures.Select(figure => Cells.Number(figure.ValueOf(point) is { } value ? figure.Text(value) : "")),
                ]))),
            Rest(data, shown.Count, data.History.StepCount));
    }

    /// <summary>What is drawn upwards.</summary>
    /// <param name="Level">A value to compare with.</param>
    sealed record Figure(string Name, string Unit, string Style, Func<StepPoint, double?> ValueOf, Func<double, string> Text, double? Level = null, bool IsLogarithmic = false)
    {
        /// <summary>It is noisy: the means over the epochs are drawn with it.</summary>
        public bool HasMeans { get; init; }

        public static IEnumerable<Figure> Of(ReportData data)
        {
            var isBatch = IsMinibatch(data);
            yield return isBatch
                ? new("Objective of the batch", "(nats; dots: mean of each epoch; dashed: the model on all training rows)", "s1", point => point.Objective, Figures.Value, data.Result.Objective) { HasMeans = true }
                : new("Objective", "(nats)", "s1", point => point.Objective, Figures.Value);
            if (!isBatch && data.Result.Path.IsEmpty && data.UsefulBound is { } bound)
            {
                var least = data.Result.Objective - bound;
                yield return new("Distance to the best possible", "(nats, at most; log scale)", "s1", point => Positive(point.Objective - least), Figures.Small, IsLogarithmic: true);
            }
            yield return new("Largest scaled gradient entry", "(log scale)", "s1", point => Positive(point.GradientMax), Figures.Small, IsLogarithmic: true);
            yield return new("Log-loss, held out", "(nats)", "s2", point => point.ValidationLogLoss, Figures.Value);
        }

        public bool IsThere(StepHistory history) => history.Points.Any(point => ValueOf(point) is not null);

        /// <summary>Nothing at or below 0 has a place on a log scale.</summary>
        static double? Positive(double? value) => value > 0 ? value : null;
    }

    /// <summary>What is drawn from left to right.</summary>
    sealed record Horizontal(string Name, Func<StepPoint, double> ValueOf)
    {
        public static Horizontal[] Of(ReportData data) =>
        [
            IsMinibatch(data) ? new("epochs", point => point.Epochs) : new("evaluations", point => point.Evaluations),
            new("seconds", point => point.Seconds),
        ];
    }

    /// <summary>Steps see a part of the rows each.</summary>
    static bool IsMinibatch(ReportData data) => data.Result.Epochs != data.Result.Evaluations;
}

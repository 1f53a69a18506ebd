using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>The cross-validation, where there was one.</summary>
static class FoldsSection
{
    const int RowsMax = 60;

    public static Element? Of(ReportData data) => data.Folds is not { } folds ? null : new("section", ("id", "folds"),
        new Element("h2", "Cross-validation"),
        new Element("p",
            $"{Figures.Count(folds.Each.Count)} folds with λ₂ = {Figures.Penalty(folds.L2)}, each judged by the rows that did not train in " +
            "it; the model itself was trained afterwards."),
        new Table<Line>("Folds", [Mean(folds), Deviation(folds), .. folds.Each.Take(RowsMax).Select(Of)])
            .Strong(line => line.IsMean)
            .Name("fold", line => line.Name)
            .Number("examples", line => line.Examples)
            .Number("log-loss", line => line.LogLoss)
            .Number("accuracy", line => Figures.Share(line.Accuracy))
            .Number("macro-F1", line => Figures.Share(line.MacroF1))
            .Number("steps", line => line.Steps)
            .Number("evaluations", line => line.Evaluations),
        folds.Each.Count <= RowsMax ? null
            : Cells.Note($"{Figures.Count(folds.Each.Count - RowsMax)} more folds are left out: {data.Run}/result.json has all."));

    static Line Mean(FoldsJson folds) => new("mean", LogLoss(folds.LogLoss?.Mean), folds.Accuracy.Mean, folds.MacroF1.Mean)
    {
        IsMean = true,
    };

    static Line Deviation(FoldsJson folds) => new(
        "std. dev.", folds.LogLoss is { } spread ? Figures.Small(spread.Deviation) : "", folds.Accuracy.Deviation, folds.MacroF1.Deviation);

    static Line Of(FoldJson fold) => new(Figures.Count(fold.Fold), LogLoss(fold.LogLoss), fold.Accuracy, fold.MacroF1)
    {
        Examples = Figures.Count(fold.Examples),
        Steps = Figures.Count(fold.Steps),
        Evaluations = Figures.Count(fold.Evaluations),
    };

    static string LogLoss(double? value) => value is { } loss ? Figures.Value(loss) : "infinite";

    /// <summary>A fold, or what they say together.</summary>
    sealed record Line(string Name, string LogLoss, double Accuracy, double MacroF1)
    {
        public string? Examples { get; init; }

        public string? Steps { get; init; }

        public string? Evaluations { get; init; }

        public bool IsMean { get; init; }
    }
}

using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>The cross-validation, where there was one.</summary>
static class FoldsSection
{
    const int RowsMax = 60;

    public static Element? Of(ReportData data) => data.Folds is not { } folds ? null : new("section", ("id", "folds"),
        new Element("h2", "Cross-validation"),
        new Element("p",
            $"{Figures.Count(folds.Each.Count)} folds with λ₂ = {Figures.Penalty(folds.L2)}, each judged by the rows that did not train in it; " +
            "the model itself was trained afterwards."),
        Table(folds),
        folds.Each.Count > RowsMax ? Cells.Note($"{Figures.Count(folds.Each.Count - RowsMax)} more folds are left out: {data.Run}/result.json has all.") : null);

    static Element Table(FoldsJson folds) => Cells.Table("Folds",
        [
            Cells.Heading("fold"), Cells.NumberHeading("examples"), Cells.NumberHeading("log-loss"), Cells.NumberHeading("accuracy"), Cells.NumberHeading("macro-F1"),
            Cells.NumberHeading("steps"), Cells.NumberHeading("evaluations"),
        ],
        [
            Cells.Row(
                ("class", "typed"), Cells.Name("mean"), Cells.Number(""), Cells.Number(folds.LogLoss is { } mean ? Figures.Value(mean.Mean) : "infinite"),
                Cells.Number(Figures.Share(folds.Accuracy.Mean)), Cells.Number(Figures.Share(folds.MacroF1.Mean)), Cells.Number(""), Cells.Number("")),
            Cells.Row(
                Cells.Name("std. dev."), Cells.Number(""), Cells.Number(folds.LogLoss is { } spread ? Figures.Small(spread.Deviation) : ""),
                Cells.Number(Figures.Share(folds.Accuracy.Deviation)), Cells.Number(Figures.Share(folds.MacroF1.Deviation)), Cells.Number(""), Cells.Number("")),
            .. folds.Each.Take(RowsMax).Select(Row),
        ]);

    static Element Row(FoldJson fold) => Cells.Row(
        Cells.Name(Figures.Count(fold.Fold)), Cells.Number(Figures.Count(fold.Examples)), Cells.Number(fold.LogLoss is { } loss ? Figures.Value(loss) : "infinite"),
        Cells.Number(Figures.Share(fold.Accuracy)), Cells.Number(Figures.Share(fold.MacroF1)), Cells.Number(Figures.Count(fold.Steps)), Cells.Number(Figures.Count(fold.Evaluations)));
}

using DistTrain.Coordinator.Training;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Output;

/// <summary>The penalties tried, and the folds of a cross-validation, as tables and as --json has them.</summary>
static class PathReport
{
    /// <summary>A table for a path, a table for folds; nothing where there was neither.</summary>
    public static void WriteTables(TextWriter output, TrainedRun run)
    {
        if (!run.PathAsTyped.IsEmpty) WritePath(output, run);
        if (run.Folds is not null) WriteFolds(output, run.Folds);
    }

    /// <summary>In the user's order; null where there was no path.</summary>
    public static IReadOnlyList<PathPointJson>? PathJson(TrainedRun run) =>
        run.PathAsTyped.IsEmpty ? null : [.. run.PathAsTyped.SelectMany(l2 => PointsOf(run).Where(point => point.L2 == l2))];

    static IEnumerable<PathPointJson> PointsOf(TrainedRun run) => run.Folds is { Summary: var summary }
        ? summary.Penalties.Select((scores, i) => FoldsJson.Of(scores, i == summary.ChosenIndex))
        : run.Result.Path.Select(FoldsJson.Of);

    static void WritePath(TextWriter output, TrainedRun run)
    {
        var judge = run.Folds is null ? "the log-loss of the rows held out" : Figures.Count(run.Folds.Runs.Count, "fold", "folds");
        output.WriteTopic("path", $"l2 {Figures.Penalty(run.Result.L2)} chosen by {judge}");
        output.WriteLine();
        var table = new TextTable("l2", "steps", "evaluations", "objective", "log-loss", "accuracy", "macro-F1", "");
        foreach (var point in PathJson(run)!)
        {
            table.Add(
                Figures.Penalty(point.L2), Figures.Mean(point.Steps), Figures.Mean(point.Evaluations),
                point.Objective is { } objective ? Figures.Value(objective) : "", LogLoss(point.LogLoss, point.LogLossDeviation),
                Figures.Share(point.Accuracy), Figures.Share(point.MacroF1), point.Chosen ? "chosen" : "");
        }
        table.Write(output);
        output.WriteLine();
    }

    static void WriteFolds(TextWriter output, FoldedRuns folds)
    {
        var json = FoldsJson.Of(folds);
        output.WriteTopic(
            "folds", $"{Figures.Count(folds.Runs.Count)}, each judged by the rows that did not train in it; l2 {Figures.Penalty(json.L2)}");
        output.WriteLine();
        var table = new TextTable("fold", "examples", "log-loss", "accuracy", "macro-F1");
        foreach (var fold in json.Each)
        {
            table.Add(
                Figures.Count(fold.Fold), Figures.Count(fold.Examples), LogLoss(fold.LogLoss, null),
                Figures.Share(fold.Accuracy), Figures.Share(fold.MacroF1));
        }
        table.Add("mean", "", LogLoss(json.LogLoss?.Mean, null), Figures.Share(json.Accuracy.Mean), Figures.Share(json.MacroF1.Mean));
        table.Add("sd", "", LogLoss(json.LogLoss?.Deviation, null),
            Figures.Share(json.Accuracy.Deviation), Figures.Share(json.MacroF1.Deviation));
        table.Write(output);
        output.WriteLine();
    }

    static string LogLoss(double? mean, double? deviation) => (mean, deviation) switch
    {
        (null, _) => "infinite",
        ({ } value, null) => Figures.Value(value),
        ({ } value, { } spread) => $"{Figures.Value(value)} ± {Figures.Small(spread)}",
    };
}

using System.CommandLine;
using DistTrain.Cli.Predictions;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Formats.Datasets;
using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Commands;

/// <summary>evaluate MODEL INPUT…: metrics of a model on labelled rows.</summary>
sealed class EvaluateCommand : Command
{
    readonly Argument<string> _model = ModelArgument.Create();
    readonly InputOptions _input = InputOptions.BesideModel();
    readonly Option<bool> _json = CliOption.Switch("--json", "one JSON object on stdout");
    readonly Option<bool> _quiet = CliOption.Switch("--quiet", "less talk");
    readonly CliEnvironment _environment;

    public EvaluateCommand(CliEnvironment environment) : base("evaluate", "metrics of a model on labelled data")
    {
        _environment = environment;
        Add(_model);
        _input.AddTo(this);
        Add(_json);
        Add(_quiet);
        SetAction((parsed, stop) => CommandThread.Run(() => Run(parsed), stop));
    }

    int Run(ParseResult parsed)
    {
        var talk = new Talk(_environment.Error, parsed.GetValue(_quiet));
        ProblemsFoundException.ThrowIfAny(_input.Problems(parsed, _environment));
        var model = ModelFolder.Load(parsed.GetRequiredValue(_model), _environment);
        var rows = _input.IsDataset(parsed, _environment) ? OfDataset(parsed, model, talk) : OfTables(parsed, model, talk);

        var metrics = ModelScoring.Metrics(rows.Model, rows.Dataset, _environment.Stop.Token);
        if (parsed.GetValue(_json)) WriteJson(rows, metrics, talk);
        else WriteReport(rows, metrics);
        return (int)ExitCode.Done;
    }

    JudgedRows OfTables(ParseResult parsed, SavedModel model, Talk talk)
    {
        var input = ScoringInput.Read(parsed, _input, model, labelRequired: true, _environment);
        input.Tell(talk, "left out");
        return new JudgedRows(model, input.Encoded.Dataset, input.Sample, input.Table.Bad.Count);
    }

    JudgedRows OfDataset(ParseResult parsed, SavedModel model, Talk talk)
    {
        var stored = StoredInput.Open(_input.InputsOf(parsed)[0], _environment);
        foreach (var finding in stored.Findings) talk.Note(finding);
        ProblemsFoundException.ThrowIfAny(DatasetFit.Problems(model, stored.Shown, stored.Dataset));
        return new JudgedRows(
            ModelTransfer.Onto(stored.Dataset.Schema, model), stored.Open(ShardRoom.Within(_environment.MemoryBytes)).ToJudge(),
            stored.Dataset.Origin.Synthetic, 0);
    }

    void WriteJson(JudgedRows rows, ClassificationMetrics metrics, Talk talk)
    {
        if (MetricsReport.WarningOf(metrics) is { } warning) talk.Warn(warning);
        _environment.Output.WriteLine(JsonLines.TextOf(
            MetricsJson.OfEvaluation(metrics, rows.Model) with { BadRows = rows.BadRowCount > 0 ? rows.BadRowCount : null },
            ResultJsonContext.Default.EvaluateResultJson));
    }

    void WriteReport(JudgedRows rows, ClassificationMetrics metrics)
    {
        var (output, model) = (_environment.Output, rows.Model);
        output.WriteTopic("examples", Figures.Count(metrics.Examples));
        output.WriteTopic("metrics", MetricsReport.Line(metrics));
        if (MetricsReport.MoreLine(metrics) is { } more) output.WriteTopic("", more);
        if (model.Temperature is { } temperature) output.WriteTopic("calibrate", ModelReport.CalibrationLine(temperature));
        if ((rows.Sample ?? model.Origin.Synthetic) is { } sample) output.WriteTopic("synthetic", TrainingReport.Synthetic(sample));
        output.WriteLine();
        MetricsReport.WriteTables(output, metrics, model.Classes.Names);
    }

    /// <param name="Model">In the schema of the dataset.</param>
    /// <param name="Sample">The sample as typed where the rows are generated, else null.</param>
    sealed record JudgedRows(SavedModel Model, Dataset Dataset, string? Sample, int BadRowCount);
}

/// <summary>MODEL.</summary>
static class ModelArgument
{
    public static Argument<string> Create() => new("MODEL") { Description = "a run folder or its model/ folder" };
}

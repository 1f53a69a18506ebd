using System.CommandLine;
using System.Text.Json;
using DistTrain.Cli.Predictions;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Formats;
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
        ProblemsFoundException.ThrowIfAny(_input.Problems(parsed));
        var model = ModelFolder.Load(parsed.GetRequiredValue(_model), _environment);
        var input = ScoringInput.Read(parsed, _input, model, labelRequired: true, _environment);
        input.Tell(talk, "left out");

        var metrics = ModelScoring.Metrics(model, input.Encoded.Dataset, _environment.Stop.Token);
        if (parsed.GetValue(_json)) WriteJson(model, input, metrics, talk);
        else WriteReport(model, input, metrics);
        return (int)ExitCode.Done;
    }

    void WriteJson(SavedModel model, ScoringInput input, ClassificationMetrics metrics, Talk talk)
    {
        if (MetricsReport.WarningOf(metrics) is { } warning) talk.Warn(warning);
        _environment.Output.WriteLine(JsonSerializer.Serialize(
            MetricsJson.OfEvaluation(metrics, model) with { BadRows = input.Table.Bad.Count is > 0 and var bad ? bad : null },
            JsonLines.Results.EvaluateResultJson));
    }

    void WriteReport(SavedModel model, ScoringInput input, ClassificationMetrics metrics)
    {
        var output = _environment.Output;
        output.WriteTopic("examples", Figures.Count(metrics.Examples));
        output.WriteTopic("metrics", MetricsReport.Line(metrics));
        if (MetricsReport.MoreLine(metrics) is { } more) output.WriteTopic("", more);
        if (model.Temperature is { } temperature) output.WriteTopic("calibrate", ModelReport.CalibrationLine(temperature));
        if ((input.Sample ?? model.Origin.Synthetic) is { } sample) output.WriteTopic("synthetic", TrainingReport.Synthetic(sample));
        output.WriteLine();
        MetricsReport.WriteTables(output, metrics, model.Classes.Names);
    }
}

/// <summary>MODEL.</summary>
static class ModelArgument
{
    public static Argument<string> Create() => new("MODEL") { Description = "a run folder or its model/ folder" };
}

using System.CommandLine;
using DistTrain.Cli.Predictions;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Runs;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Commands;

/// <summary>predict MODEL INPUT…: one line per row, with its label and the probabilities of all classes.</summary>
sealed class PredictCommand : Command
{
    readonly Argument<string> _model = ModelArgument.Create();
    readonly InputOptions _input = InputOptions.BesideModel();
    readonly Option<int?> _top = CliOption.OptionalCount("--top", "adds columns top1, top2, …: the most probable classes, best first");
    readonly Option<string?> _out = CliOption.Text("--out", "FILE", "where the CSV goes (default: stdout)");
    readonly Option<bool> _quiet = CliOption.Switch("--quiet", "less talk");
    readonly CliEnvironment _environment;

    public PredictCommand(CliEnvironment environment) : base("predict", "one line per row: label and probabilities, as CSV")
    {
        _environment = environment;
        Add(_model);
        _input.AddTo(this);
        Add(_top);
        Add(_out);
        Add(_quiet);
        SetAction((parsed, stop) => CommandThread.Run(() => Run(parsed), stop));
    }

    int Run(ParseResult parsed)
    {
        var talk = new Talk(_environment.Error, parsed.GetValue(_quiet));
        ProblemsFoundException.ThrowIfAny(_input.Problems(parsed, _environment));
        var model = ModelFolder.Load(parsed.GetRequiredValue(_model), _environment);
        var top = parsed.GetValue(_top);
        var inputs = InputFiles.NamesOf(_input.InputsOf(parsed), _environment);
        ProblemsFoundException.ThrowIfAny(
            [.. TopProblems(top, model), .. OutputPath.ProblemsOfFile(parsed.GetValue(_out), inputs, _environment)]);
        var input = ScoringInput.Read(parsed, _input, model, labelRequired: false, _environment);
        input.Tell(talk, "have empty cells in the output");

        var csv = new PredictionCsv(model, top ?? 0);
        void Write(TextWriter output) =>
            csv.Write(output, ModelScoring.Predictions(model, input.Encoded.Dataset, _environment.Stop.Token), input.Table.Bad.Positions);

        if (parsed.GetValue(_out) is not { } path)
        {
            Write(_environment.Output);
            return (int)ExitCode.Done;
        }
        AtomicFile.Write(_environment.FullPath(path), stream =>
        {
            using var output = new StreamWriter(stream, leaveOpen: true);
            Write(output);
        });
        talk.Note("wrote", $"{path}: {Figures.Count((long)input.Table.RowCount + input.Table.Bad.Count, "row", "rows")}");
        return (int)ExitCode.Done;
    }

    static IEnumerable<Problem> TopProblems(int? top, SavedModel model)
    {
        if (top < 1 || top > model.Classes.Count)
        {
            yield return new("DT3001", ExitCode.Configuration,
                $"--top is {top}", $"expected: a whole number from 1 to {model.Classes.Count}, the number of classes");
        }
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Commands;

/// <summary>Rows for a model to judge.</summary>
/// <param name="Sample">The sample as typed where the rows are generated, else null.</param>
/// <param name="InVain">Options typed about the roles of columns, which the model has decided.</param>
sealed record ScoringInput(Table Table, EncodedInput Encoded, string? Sample, ImmutableArray<string> InVain)
{
    /// <summary>Reads the inputs of a command as the model's own were read, where nothing else is typed.</summary>
    /// <exception cref="ProblemsFoundException">Options or inputs that cannot work.</exception>
    public static ScoringInput Read(
        ParseResult parsed, InputOptions options, SavedModel model, bool labelRequired, CliEnvironment environment)
    {
        if (options.IsDataset(parsed, environment)) throw NoDatasets(parsed).AsException();
        var inputs = options.InputsOf(parsed);
        var typed = options.Read(parsed);
        var table = WithDefaults(typed, model.Input) with
        {
            Labels = labelRequired ? new LabelRule(model.Classes.Names, AreOfModel: true) : null,
        };
        ProblemsFoundException.ThrowIfAny([.. options.Problems(parsed, environment), .. table.Problems(), .. QuarantineProblems(parsed, table)]);

        var sample = inputs.FirstOrDefault(InputFiles.IsSample);
        var rows = sample is not null
            ? Generated(sample, labelRequired)
            : TableReader.ReadFor(
                InputFiles.Find(inputs, environment), table, model.Schema, typed.Label ?? model.Input.Label, labelRequired, environment.Parallel);
        return new ScoringInput(rows, DatasetBuilder.Encode(rows, model.Schema, model.Classes), sample, [.. options.RolesTyped(parsed)]);
    }

    /// <summary>Says what was found: guesses, generated rows, values that training did not have.</summary>
    /// <param name="consequenceOfBad">What becomes of malformed rows, as in "left out".</param>
    public void Tell(Talk talk, string consequenceOfBad)
    {
        BadRowReport.Tell(talk, Table, consequenceOfBad);
        foreach (var option in InVain) talk.Warn($"{option} has no say here: the model knows its columns");
        foreach (var finding in Table.Findings) talk.Note(finding);
        foreach (var unseen in Encoded.Unseen)
        {
            talk.Note(
                "unseen",
                $"column \"{unseen.Column}\": {Figures.Count(unseen.RowCount, "row", "rows")} with a value that training did not have, " +
                $"such as \"{unseen.Example}\"; all zero");
        }
    }

    /// <summary>What a dataset keeps is no input to predict row by row: it has no texts, and an order of its own.</summary>
    static Problem NoDatasets(ParseResult parsed) => NotYet.Missing(
        $"{parsed.CommandResult.Command.Name} of a dataset", "expected: files, globs or sample:NAME",
        "fix: name the tables that it was prepared from");

    /// <summary>DT3119: there is no run folder to keep rows in.</summary>
    public static IEnumerable<Problem> QuarantineProblems(ParseResult parsed, TableOptions table)
    {
        if (table.BadRows.Kind is not BadRowKind.Quarantine) yield break;
        var command = parsed.CommandResult.Command.Name;
        yield return new("DT3119", ExitCode.Configuration, $"--bad-rows quarantine keeps rows in a run folder, and {command} has none",
            "fix: --bad-rows skip, which tells the first of them");
    }

    static Table Generated(string sample, bool labelRequired)
    {
        var rows = SampleSpec.Parse(InputFiles.SampleOf(sample)).CreateTable();
        return labelRequired ? rows : rows.WithoutLabels();
    }

    static TableOptions WithDefaults(TableOptions typed, ModelInput model) => typed with
    {
        Format = typed.Format ?? (model.Format is { } format ? Words.FormatOf(format) : null),
        Delimiter = typed.Delimiter ?? model.Delimiter,
        Encoding = typed.Encoding ?? model.Encoding,
        Weight = typed.Weight ?? model.Weight,
    };
}

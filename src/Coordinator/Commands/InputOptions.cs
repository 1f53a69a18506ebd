using System.Collections.Immutable;
using System.CommandLine;
using DistTrain.Coordinator.Input;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Commands;

/// <summary>The input of a command and the options that say how to read it.</summary>
sealed class InputOptions
{
    public Argument<string[]> Inputs { get; } = new("INPUT")
    {
        Description = "files, globs, or sample:NAME[,key=value…]; several files are one table; or the folder of a dataset",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public Option<string?> Format { get; } = CliOption.Choice(
        "--format", "input format (default: detected)", null, "csv", "tsv", "libsvm", StoredInput.FormatWord);

    public Option<string?> Delimiter { get; } = CliOption.Text("--delimiter", "C", "what separates cells (default: detected)");

    public Option<string?> Encoding { get; } = CliOption.Text("--encoding", "NAME", "text encoding (default: UTF-8)");

    public Option<string?> Label { get; } = CliOption.Text("--label", "NAME", "label column (default: guessed from common names)");

    public Option<string?> Weight { get; } = CliOption.Text("--weight", "NAME", "column of example weights (default: all 1)");

    public Option<string[]> Ignore { get; } = CliOption.Names("--ignore", "columns to leave out");

    public Option<string[]> Categorical { get; } = CliOption.Names("--categorical", "columns to take as text, one-hot");

    public Option<string[]> Numeric { get; } = CliOption.Names("--numeric", "columns to take as numbers");

    public Option<string?> Missing { get; } =
        CliOption.Choice("--missing", "an empty numeric cell; mean adds an indicator column", "error", "error", "mean");

    public Option<int?> IndexBase { get; } = CliOption.OptionalCount("--index-base", "first LIBSVM index, 0 or 1 (default: detected)");

    public Option<string?> BadRows { get; } = CliOption.Choice(
        "--bad-rows", "malformed rows: end, leave them out, or keep them in the run folder", "fail", "fail", "skip", "quarantine");

    public Option<string?> MaxBad { get; } = CliOption.BadRowLimit(
        "--max-bad", "most bad rows that are left out: a count, or a share of all");

    IEnumerable<Option> All =>
        [Format, Delimiter, Encoding, Label, Weight, Ignore, Categorical, Numeric, Missing, IndexBase, BadRows, MaxBad];

    /// <summary>For commands that use a model: it knows how its input was read, and there is no run folder to keep rows in.</summary>
    public static InputOptions BesideModel()
    {
        var options = new InputOptions();
        options.Label.Description = "label column (default: the model's)";
        options.Weight.Description = "column of example weights (default: the model's)";
        options.IndexBase.Description = "first LIBSVM index, 0 or 1 (default: the model's)";
        options.BadRows.Description = "malformed rows: end, or leave them out";
        options.BadRows.HelpName = "fail|skip";
        return options;
    }

    public void AddTo(Command command)
    {
        command.Add(Inputs);
        foreach (var option in All) command.Add(option);
        foreach (var option in NotYet.Placeholders(NotYet.InputOptions)) command.Add(option);
    }

    /// <summary>The options as typed; what was not typed is null, empty or the default.</summary>
    public TableOptions Read(ParseResult parsed) => new()
    {
        Format = parsed.GetValue(Format) is { } format and not StoredInput.FormatWord
            ? Enum.Parse<TableFormat>(format, ignoreCase: true)
            : null,
        Delimiter = parsed.GetValue(Delimiter),
        Encoding = parsed.GetValue(Encoding),
        Label = parsed.GetValue(Label),
        Weight = parsed.GetValue(Weight),
        Ignore = [.. parsed.GetValue(Ignore) ?? []],
        Categorical = [.. parsed.GetValue(Categorical) ?? []],
        Numeric = [.. parsed.GetValue(Numeric) ?? []],
        Missing = parsed.GetValue(Missing) == "mean" ? MissingCells.Mean : MissingCells.Error,
        IndexBase = parsed.GetValue(IndexBase),
        BadRows = BadRowLimit.Parse(parsed.GetValue(MaxBad)) with
        {
            Kind = Enum.Parse<BadRowKind>(parsed.GetValue(BadRows)!, ignoreCase: true),
        },
    };

    /// <summary>Whether the input is a dataset on disk.</summary>
    public bool IsDataset(ParseResult parsed, CliEnvironment environment) =>
        StoredInput.IsMeant(InputsOf(parsed), parsed.GetValue(Format), environment);

    /// <summary>Faults of what was typed, the input's existence aside.</summary>
    public IEnumerable<Problem> Problems(ParseResult parsed, CliEnvironment environment)
    {
        var inputs = parsed.GetValue(Inputs) ?? [];
        var command = parsed.CommandResult.Command.Name;
        if (inputs.Length == 0)
        {
            yield return new("DT2003", ExitCode.CommandLine, $"{command} needs an INPUT",
                "expected: files, globs or sample:NAME", $"fix: disttrain {command} --help shows how");
        }
        if (IsDataset(parsed, environment))
        {
            foreach (var problem in ProblemsOfDataset(parsed, inputs, All.Except([Format]))) yield return problem;
            yield break;
        }
        if (!inputs.Any(InputFiles.IsSample)) yield break;
        if (inputs.Length > 1)
        {
            yield return new("DT3202", ExitCode.Configuration, "a sample is an input of its own; it cannot be joined with other inputs",
                "fix: name the sample alone, or write it to a file with disttrain sample");
        }
        foreach (var option in All.Where(option => parsed.GetResult(option) is { Implicit: false }))
        {
            yield return new(
                "DT3203", ExitCode.Configuration, $"{option.Name} has no meaning for a sample, whose columns have their roles already",
                "fix: leave it out");
        }
    }

    /// <summary>What has no meaning beside a dataset on disk.</summary>
    /// <param name="options">Those about how an input becomes a dataset.</param>
    public static IEnumerable<Problem> ProblemsOfDataset(
        ParseResult parsed, IReadOnlyCollection<string> inputs, IEnumerable<Option> options)
    {
        if (inputs.Count > 1 || inputs.Any(InputFiles.IsSample))
        {
            yield return new("DT3210", ExitCode.Configuration, "a dataset is an input of its own; it cannot be joined with other inputs",
                "fix: name its folder alone");
        }
        foreach (var option in options.Where(option => parsed.GetResult(option) is { Implicit: false }))
        {
            yield return new("DT3209", ExitCode.Configuration, $"{option.Name} has no meaning for a dataset, which was prepared already",
                "fix: leave it out, or prepare the dataset anew with it");
        }
    }

    /// <summary>Options typed that decide on the roles of columns.</summary>
    public IEnumerable<string> RolesTyped(ParseResult parsed) => ((Option[])[Ignore, Categorical, Numeric, Missing])
        .Where(option => parsed.GetResult(option) is { Implicit: false })
        .Select(option => option.Name);

    /// <summary>The inputs as typed.</summary>
    public ImmutableArray<string> InputsOf(ParseResult parsed) => [.. parsed.GetValue(Inputs) ?? []];
}

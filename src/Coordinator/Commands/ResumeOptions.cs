using System.Collections.Frozen;
using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using DistTrain.Coordinator.Runs;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Commands;

/// <summary>Which options a run is bound to when it is resumed, and which it may change.</summary>
static class ResumeOptions
{
    const string Resume = "--resume";
    const string Out = "--out";

    /// <summary>They belong to one call of the program and are not taken over from the run.</summary>
    static readonly FrozenSet<string> OfTheCall = new[] { Resume, Out, "--json", "--quiet", "--dry-run" }.ToFrozenSet();

    /// <summary>They limit or place the work; a resumed run keeps them unless they are typed anew.</summary>
    static readonly FrozenSet<string> OfTheWork = new[]
    {
        "--max-steps", "--epochs", "--max-time", "--tolerance", "--workers", "--checkpoint-every", "--memory-limit",
        "--max-classes",
    }.Concat(NodeOptions.Names).ToFrozenSet();

    /// <summary>Whether an option changes the mathematics; what is not known not to, does.</summary>
    public static bool IsMathematics(string name) => !OfTheCall.Contains(name) && !OfTheWork.Contains(name);

    /// <summary>Each input and option typed that changes the mathematics and is not as the run named by --resume has it: DT3221.</summary>
    public static IEnumerable<Problem> Objections(ParseResult typed, StoredRun run)
    {
        var operands = TypedArguments.OperandsOf(typed).ToList();
        if (operands.Count > 0 && !operands.SequenceEqual(run.Inputs))
            yield return Differs(run, "INPUT", string.Join(' ', operands), string.Join(' ', run.Inputs));
        foreach (var problem in Differences(typed, run, NamesOf(typed))) yield return problem;
    }

    /// <summary>
    /// The same for a whole command line whose --out names the run: what was typed then and is left out now is an objection too, unless it
    /// was the default. Whether the input is the same, its content says.
    /// </summary>
    public static IEnumerable<Problem> ObjectionsToAll(ParseResult typed, StoredRun run)
    {
        var begun = CommandLineParser.Parse(typed.CommandResult.Command, run.Arguments, CommandProgram.Parsing);
        return Differences(typed, run, NamesOf(typed).Union(NamesOf(begun)));
    }

    /// <summary>
    /// The command line that goes on with a run: its own with what was typed anew, and an environment in which its relative paths start where
    /// they did then.
    /// </summary>
    /// <exception cref="ProblemsFoundException">Nothing of the kind can be run any more.</exception>
    public static (ParseResult Parsed, CliEnvironment Environment) Complete(ParseResult typed, StoredRun run, CliEnvironment environment)
    {
        var command = typed.CommandResult.Command;
        var begun = CommandLineParser.Parse(command, run.Arguments, CommandProgram.Parsing);
        var parsed = CommandLineParser.Parse(command, Merge(begun, typed, run.Folder, environment), CommandProgram.Parsing);
        ProblemsFoundException.ThrowIfAny(ParseProblems.In(parsed));
        var directory = Directory.Exists(run.Directory) ? run.Directory : environment.Directory;
        return (parsed, environment with { Directory = directory });
    }

    /// <summary>The command line of the run with what was typed anew, without what belonged to the call that began it.</summary>
    /// <param name="stored">As the run was begun.</param>
    /// <param name="folder">The run's folder; --out with another one makes the run go on there.</param>
    static ImmutableArray<string> Merge(ParseResult stored, ParseResult typed, RunFolder folder, CliEnvironment environment)
    {
        var anew = TypedArguments.OptionsOf(typed)
            .Where(option => !IsMathematics(option.Option.Name) && option.Option.Name is not (Resume or Out)).ToList();
        var replaced = anew.Select(option => option.Option.Name).Concat(OfTheCall).ToHashSet();
        var kept = TypedArguments.OptionsOf(stored).Where(option => !option.Option.Hidden && !replaced.Contains(option.Option.Name));
        var elsewhere = TypedArguments.OptionsOf(typed).Where(option => option.Option.Name == Out)
            .Select(option => RunFolder.At(option.Tokens[0].Value, environment).FullPath)
            .Where(path => path != folder.FullPath)
            .Select(path => $"{Out}={path}");
        return [.. TypedArguments.OperandsOf(stored), .. kept.Concat(anew).SelectMany(TypedArguments.ArgumentsOf), .. elsewhere];
    }

    static IEnumerable<string> NamesOf(ParseResult typed) =>
        TypedArguments.OptionsOf(typed).Where(option => !option.Option.Hidden).Select(option => option.Option.Name).Where(IsMathematics);

    static IEnumerable<Problem> Differences(ParseResult typed, StoredRun run, IEnumerable<string> options)
    {
        var values = OptionsFile.ValuesOf(typed);
        foreach (var option in options)
        {
            var (value, stored) = (values.GetProperty(option[2..]).GetProperty("value"), run.ValueOf(option));
            if (stored is null || !JsonElement.DeepEquals(value, stored.Value))
                yield return Differs(run, option, TextOf(value), stored is null ? "nothing" : TextOf(stored.Value));
        }
    }

    static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when value.GetArrayLength() == 0 => "nothing",
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(TextOf)),
        JsonValueKind.Null => "nothing",
        JsonValueKind.Number => Figures.Typed(value),
        _ => value.ToString(),
    };

    static Problem Differs(StoredRun run, string what, string typed, string stored) => new(
        "DT3221", ExitCode.Configuration, $"{run.Typed}: {what} is {typed}, the run has {stored}",
        "expected: everything that changes the result as the run has it", $"fix: leave {what} as the run has it, or begin another run");
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.CommandLine;
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
        "--max-steps", "--epochs", "--max-time", "--tolerance", "--workers", "--threads", "--checkpoint-every", "--memory-limit",
        "--max-classes",
    }.ToFrozenSet();

    /// <summary>Whether an option changes the mathematics; what is not known not to, does.</summary>
    public static bool IsMathematics(string name) => !OfTheCall.Contains(name) && !OfTheWork.Contains(name);

    /// <summary>Each input and option typed that changes the mathematics and is not as the run has it: DT3221.</summary>
    public static IEnumerable<Problem> Objections(ParseResult typed, StoredRun run)
    {
        var operands = TypedArguments.OperandsOf(typed).ToList();
        if (operands.Count > 0 && !operands.SequenceEqual(run.Inputs))
            yield return Differs(run, "INPUT", string.Join(' ', operands), string.Join(' ', run.Inputs));

        var values = OptionsFile.ValuesOf(typed);
        foreach (var option in TypedArguments.OptionsOf(typed).Select(option => option.Option.Name).Where(IsMathematics))
        {
            var (value, stored) = (values.GetProperty(option[2..]), run.ValueOf(option));
            if (stored is null || !JsonElement.DeepEquals(value.GetProperty("value"), stored.Value))
                yield return Differs(run, option, TextOf(value.GetProperty("value")), stored is null ? "nothing" : TextOf(stored.Value));
        }
    }

    /// <summary>The command line of the run with what was typed anew, without what belonged to the call that began it.</summary>
    /// <param name="stored">As the run was begun.</param>
    /// <param name="folder">The run's folder; --out with another one makes the run go on there.</param>
    public static ImmutableArray<string> Merge(ParseResult stored, ParseResult typed, RunFolder folder, CliEnvironment environment)
    {
        var anew = TypedArguments.OptionsOf(typed)
            .Where(option => !IsMathematics(option.Option.Name) && option.Option.Name is not (Resume or Out)).ToList();
        var replaced = anew.Select(option => option.Option.Name).Concat(OfTheCall).ToHashSet();
        var kept = TypedArguments.OptionsOf(stored).Where(option => !replaced.Contains(option.Option.Name));
        var elsewhere = TypedArguments.OptionsOf(typed).Where(option => option.Option.Name == Out)
            .Select(option => RunFolder.At(option.Tokens[0].Value, environment).FullPath)
            .Where(path => path != folder.FullPath)
            .Select(path => $"{Out}={path}");
        return [.. TypedArguments.OperandsOf(stored), .. kept.Concat(anew).SelectMany(TypedArguments.ArgumentsOf), .. elsewhere];
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
        "DT3221", ExitCode.Configuration, $"--resume {run.Folder.Shown}: {what} is {typed}, the run has {stored}",
        "expected: everything that changes the result as the run has it", $"fix: leave {what} out, or begin another run");
}

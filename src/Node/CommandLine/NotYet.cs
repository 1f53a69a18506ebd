using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>What is planned and this version does not have: recognised, said, never ignored.</summary>
static class NotYet
{
    /// <summary>Commands.</summary>
    public static readonly ImmutableArray<string> Commands =
        ["export", "serve", "watch", "runs", "simulate", "doctor"];

    /// <summary>Options of the commands that read input.</summary>
    public static readonly ImmutableArray<string> InputOptions = ["--recipe"];

    static readonly ImmutableArray<(string Option, string Value)> Values =
    [
        ("--format", "parquet"),
    ];

    const string LeaveOut = "fix: leave it out";

    /// <summary>Whether this value of an option is planned, though this version does not have it.</summary>
    public static bool HasValue(string option, string value) => Values.Contains((option, value));

    /// <summary>Hidden options that take whatever follows, so that their use is seen instead of misread.</summary>
    public static IEnumerable<Option> Placeholders(IEnumerable<string> names) =>
        names.Select(name => new Option<string[]>(name) { Hidden = true, Arity = ArgumentArity.ZeroOrMore });

    /// <summary>Hidden commands.</summary>
    public static IEnumerable<Command> PlaceholderCommands() =>
        Commands.Select(name => new Command(name) { Hidden = true, TreatUnmatchedTokensAsErrors = false });

    /// <summary>Everything on this command line that is not there yet.</summary>
    public static IEnumerable<Problem> On(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (Commands.Contains(command.Name)) return [Missing(command.Name, "fix: disttrain --help lists the commands that are there")];
        return parsed.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit).SelectMany(On);
    }

    static IEnumerable<Problem> On(OptionResult used)
    {
        var name = used.Option.Name;
        if (used.Option.Hidden && NodeOptions.Names.Contains(name)) return [Elsewhere(name)];
        if (InputOptions.Contains(name)) return [Missing(name, LeaveOut)];
        return used.Tokens.Where(token => HasValue(name, token.Value)).Select(token => Missing($"{name} {token.Value}", LeaveOut));
    }

    static Problem Elsewhere(string option) => new(
        "DT2001", ExitCode.CommandLine, $"train has no {option}", "it belongs to coordinator and worker", LeaveOut);

    /// <summary>DT2002, in its one form.</summary>
    /// <param name="details">When it applies, and the fix.</param>
    public static Problem Missing(string what, params string[] details) =>
        new("DT2002", ExitCode.CommandLine, $"{what} is not available in this version", details);
}

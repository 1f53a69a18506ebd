using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>What the parser could not read, as problems with suggestions.</summary>
static class ParseProblems
{
    /// <summary>The command line asks for help or for the version, whatever else is on it.</summary>
    public static bool AsksForHelp(ParseResult parsed) => parsed.Action is HelpAction or VersionAction;

    /// <summary>
    /// All of them. What follows a name that is unknown or not there yet is read wrongly, so the rest is told only without such.
    /// </summary>
    public static IReadOnlyList<Problem> In(ParseResult parsed)
    {
        var notYet = NotYet.On(parsed).ToList();
        if (AsksForHelp(parsed)) return notYet;
        List<Problem> names = [.. notYet, .. NotYet.Commands.Contains(parsed.CommandResult.Command.Name) ? [] : UnknownTokens(parsed)];
        return names.Count > 0 ? names : [.. parsed.Errors.Select(error => Missing(error) ?? FromMessage(error.Message))];
    }

    static IEnumerable<Problem> UnknownTokens(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand)
        {
            return parsed.UnmatchedTokens.Take(1).Select(token => token.StartsWith('-')
                ? Unknown("option", token, Names(command.Options))
                : Unknown("command", token, Names(command.Subcommands)));
        }
        // An unknown option looks like one more INPUT to the parser. A file of such a name is written ./--name.
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .Where(token => token.StartsWith('-'))
            .Select(token => Unknown("option", token.Split('=')[0], Names(command.Options)));
    }

    static Problem Unknown(string kind, string token, IEnumerable<string> known) => Suggestion.For(token, known) is { } near
        ? new("DT2001", ExitCode.CommandLine, $"unknown {kind} \"{token}\"", $"did you mean {near}?")
        : new("DT2001", ExitCode.CommandLine, $"unknown {kind} \"{token}\"", "fix: disttrain --help lists what there is");

    static IEnumerable<string> Names(IEnumerable<Symbol> symbols) =>
        symbols.Where(symbol => !symbol.Hidden).Select(symbol => symbol.Name);

    /// <summary>An operand, an option or its value that should be there and is not; null for anything else.</summary>
    static Problem? Missing(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0, Parent: CommandResult { Command: var command } } operand =>
                Missing(command, operand.Argument.Name),
        OptionResult { Implicit: true, Option: { Required: true } option, Parent: CommandResult { Command: var command } } =>
            Missing(command, $"{option.Name} {option.HelpName}"),
        OptionResult { Tokens.Count: 0, Option: var option } =>
            new("DT2001", ExitCode.CommandLine, $"{option.Name} needs a value", $"usage: {option.Name} {option.HelpName}"),
        _ => null,
    };

    static Problem Missing(Command command, string what) => new(
        "DT2001", ExitCode.CommandLine, $"{command.Name} needs {what}", $"usage: disttrain {command.Name} {Operands(command)} [options]",
        $"fix: disttrain {command.Name} --help shows how");

    static string Operands(Command command)
    {
        var required = command.Options.Where(option => option.Required).Select(option => $"{option.Name} {option.HelpName}");
        return string.Join(' ', command.Arguments.Select(argument => argument.Name).Concat(required));
    }

    static Problem FromMessage(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries);
        return new("DT2001", ExitCode.CommandLine, lines[0].TrimEnd('.'), lines[1..]);
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Problems;

namespace DistTrain.Cli.Commands;

/// <summary>What the parser could not read, as problems with suggestions.</summary>
static class ParseProblems
{
    /// <summary>All of them; unknown options first, since what follows them is read wrongly.</summary>
    public static IReadOnlyList<Problem> In(ParseResult parsed)
    {
        var unknown = UnknownTokens(parsed).ToList();
        return unknown.Count > 0 ? unknown : [.. parsed.Errors.Select(error => FromMessage(error.Message))];
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

    static Problem FromMessage(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries);
        return new("DT2001", ExitCode.CommandLine, lines[0].TrimEnd('.'), lines[1..]);
    }
}

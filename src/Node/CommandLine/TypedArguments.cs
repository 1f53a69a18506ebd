using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace DistTrain.Node.CommandLine;

/// <summary>A command line put down in one form that reads as it did: operands first, then every option as --name=value.</summary>
static class TypedArguments
{
    /// <summary>What follows the command's name; options that were not typed are left out.</summary>
    public static ImmutableArray<string> Of(ParseResult parsed) => [.. OperandsOf(parsed), .. OptionsOf(parsed).SelectMany(ArgumentsOf)];

    /// <summary>The options typed.</summary>
    public static IEnumerable<OptionResult> OptionsOf(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit);

    public static IEnumerable<string> OperandsOf(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(operand => operand.Tokens).Select(token => token.Value);

    public static IEnumerable<string> ArgumentsOf(OptionResult option) => option.Tokens.Count == 0
        ? [option.Option.Name]
        : option.Tokens.Select(token => $"{option.Option.Name}={token.Value}");
}

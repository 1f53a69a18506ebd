using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Problems;
using Microsoft.Extensions.Configuration;

namespace DistTrain.Node.CommandLine;

/// <summary>
/// What a node program is told outside its command line: <c>appsettings.json</c> beside the program, one in the current folder, then
/// variables such as <c>DISTTRAIN__Node__JoinTimeout</c>. A setting is the option of its name, without dashes; what is typed comes first.
/// </summary>
static class ProgramSettings
{
    /// <summary>Section of the settings that coordinator and worker share.</summary>
    public const string SharedSection = "Node";

    const string FileName = "appsettings.json";
    const string VariablePrefix = "DISTTRAIN__";
    const string Operands = "Input";

    /// <summary>Sections that a settings file may hold: those of the programs, and what hosts are commonly told of their logs.</summary>
    static readonly ImmutableArray<string> Sections = [SharedSection, "Coordinator", "Worker", "Logging"];

    /// <summary>Reads files and variables of this process.</summary>
    /// <exception cref="ProblemsFoundException">DT2004, exit 2: a file is not JSON.</exception>
    public static IConfiguration Read(CliEnvironment environment)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, FileName), optional: true)
                .AddJsonFile(environment.FullPath(FileName), optional: true)
                .AddEnvironmentVariables(VariablePrefix)
                .Build();
        }
        catch (InvalidDataException e)
        {
            throw new ProblemsFoundException([new(
                "DT2004", ExitCode.CommandLine, $"{FileName} cannot be read: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}",
                "expected: JSON with the sections Node and Coordinator or Worker")]);
        }
    }

    /// <summary>What was typed, and the settings that it leaves open.</summary>
    /// <param name="section">That of the program; <see cref="SharedSection"/> is read as well.</param>
    /// <param name="command">Takes the arguments, without its own name.</param>
    /// <exception cref="ProblemsFoundException">DT2004, exit 2: every setting that is unknown.</exception>
    public static SettledArguments Settle(IConfiguration settings, string section, Command command, IReadOnlyList<string> typed)
    {
        var parsed = CommandLineParser.Parse(command, typed, CommandProgram.Parsing);
        var names = TypedArguments.OptionsOf(parsed).Select(option => option.Option.Name).ToHashSet();
        var hasOperands = TypedArguments.OperandsOf(parsed).Any();
        var entries = new[] { SharedSection, section }.SelectMany(name => settings.GetSection(name).GetChildren()).ToList();

        ProblemsFoundException.ThrowIfAny(
        [
            .. settings.GetChildren().Where(other => !Sections.Contains(other.Key, StringComparer.OrdinalIgnoreCase)).Select(UnknownSection),
            .. entries.Where(entry => !IsOperand(entry) && OptionOf(entry, command) is null).Select(entry => Unknown(entry, command)),
        ]);
        var options = entries.Where(entry => !IsOperand(entry))
            .Select(entry => (Option: OptionOf(entry, command)!, Entry: entry))
            .Where(item => !names.Contains(item.Option.Name))
            .GroupBy(item => item.Option, item => item.Entry) // The program's own section is the last.
            .ToList();
        var operands = hasOperands ? [] : entries.Where(IsOperand).SelectMany(ValuesOf);
        return new SettledArguments(
            [.. operands, .. typed, .. options.SelectMany(option => ArgumentsOf(option.Key, option.Last()))],
            [.. options.Select(option => option.Key.Name)]);
    }

    static bool IsOperand(IConfigurationSection entry) => entry.Key.Equals(Operands, StringComparison.OrdinalIgnoreCase);

    static Option? OptionOf(IConfigurationSection entry, Command command) => command.Options.FirstOrDefault(
        option => !option.Hidden && option.Action is null && KeyOf(option).Equals(entry.Key, StringComparison.OrdinalIgnoreCase));

    /// <summary>"JoinTimeout" for --join-timeout.</summary>
    static string KeyOf(Option option) =>
        string.Concat(option.Name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>Of a list its items, of anything else its one value.</summary>
    static IEnumerable<string> ValuesOf(IConfigurationSection entry) =>
        entry.Value is { } value ? [value] : entry.GetChildren().Select(item => item.Value ?? "");

    static IEnumerable<string> ArgumentsOf(Option option, IConfigurationSection entry) => option.ValueType == typeof(string[])
        ? ValuesOf(entry).Select(value => $"{option.Name}={value}")
        : [$"{option.Name}={string.Join(',', ValuesOf(entry))}"];

    static Problem UnknownSection(IConfigurationSection section) => new(
        "DT2004", ExitCode.CommandLine, $"unknown section \"{section.Key}\" in the settings",
        $"expected: {string.Join(", ", Sections[..3])}; variables are {VariablePrefix}Section__Key");

    static Problem Unknown(IConfigurationSection entry, Command command) => new(
        "DT2004", ExitCode.CommandLine, $"unknown setting \"{entry.Path}\"",
        Suggestion.For(entry.Key, command.Options.Where(option => !option.Hidden && option.Action is null).Select(KeyOf)) is { } near
            ? $"did you mean {near}?"
            : $"expected: the name of an option without dashes, such as JoinTimeout, or {Operands}");
}

/// <summary>A whole command line.</summary>
/// <param name="FromSettings">Names of the options that were not typed but set.</param>
sealed record SettledArguments(ImmutableArray<string> Arguments, ImmutableHashSet<string> FromSettings);

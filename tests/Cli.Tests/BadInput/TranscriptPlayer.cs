using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests.BadInput;

/// <summary>Plays a transcript: writes its files, runs its commands, and gives the transcript as it turned out.</summary>
/// <remarks>
/// A transcript is text for people. What it begins with, up to the first blank line, says what it is about. Then come, in any order:
/// <list type="bullet">
/// <item><c>file NAME</c>, then its content, each line after <c>| </c>; <see cref="InputText"/> says how odd bytes are written.</item>
/// <item><c>! disttrain …</c>: a command that must end with 0, whose output is not shown.</item>
/// <item><c>$ disttrain …</c>: a command, followed by what it printed on stderr, then on stdout after <c>> </c>, then <c>exit N</c>.</item>
/// <item>Long fractions are rounded to two digits: a transcript is about words.</item>
/// <item>The folder that all happens in is <c>{folder}</c>.</item>
/// <item><c>: NAME</c>: the content of a file that a command wrote, after <c>> </c>.</item>
/// </list>
/// </remarks>
sealed partial class TranscriptPlayer : IDisposable
{
    const string Program = "disttrain ";
    const long MemoryBytes = 8L << 30;

    readonly CliFolder _cli = new();
    readonly StringBuilder _played = new();

    /// <summary>The transcript with what the commands printed this time.</summary>
    public async Task<string> Play(string transcript)
    {
        var lines = transcript.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (IsPrinted(lines, i)) continue;
            _played.Append(line).Append(i < lines.Length - 1 ? "\n" : "");
            if (line.StartsWith("file ", StringComparison.Ordinal)) WriteFile(line[5..], lines.AsSpan(i + 1));
            else if (line.StartsWith("! ", StringComparison.Ordinal)) (await Run(line[2..])).Done();
            else if (line.StartsWith("$ ", StringComparison.Ordinal)) Print(await Checked(line[2..]));
            else if (line.StartsWith(": ", StringComparison.Ordinal)) PrintOutput(_cli.Read(line[2..]));
        }
        return _played.ToString();
    }

    public void Dispose() => _cli.Dispose();

    /// <summary>A line between a command, or the name of a file to show, and the next blank line: it is printed anew.</summary>
    static bool IsPrinted(string[] lines, int index)
    {
        if (lines[index].Length == 0 || StartsBlock(lines[index])) return false;
        for (var i = index - 1; i >= 0 && lines[i].Length > 0; i--)
        {
            if (lines[i].StartsWith("$ ", StringComparison.Ordinal) || lines[i].StartsWith(": ", StringComparison.Ordinal)) return true;
        }
        return false;
    }

    static bool StartsBlock(string line) => line.Length > 1 && line[1] == ' ' && line[0] is '$' or '!' or ':' or '|';

    void WriteFile(string name, ReadOnlySpan<string> following)
    {
        using var file = File.Create(_cli.PathOf(name));
        foreach (var line in following)
        {
            if (!line.StartsWith('|')) break;
            InputText.WriteTo(file, line.Length > 1 ? line[2..] : "");
        }
    }

    Task<CliResult> Run(string command)
    {
        Assert.StartsWith(Program, command, StringComparison.Ordinal);
        return _cli.Run(command[Program.Length..], environment => environment with { MemoryBytes = MemoryBytes });
    }

    /// <summary>A training that is refused is refused by --dry-run with the same words; neither leaves a run behind.</summary>
    async Task<CliResult> Checked(string command)
    {
        var result = await Run(command);
        if (result.Code == ExitCode.Done || !command.StartsWith("disttrain train ", StringComparison.Ordinal)) return result;
        Assert.Equal(result, await Run($"{command} --dry-run"));
        Assert.False(Directory.Exists(_cli.PathOf("runs")));
        return result;
    }

    void Print(CliResult result)
    {
        _played.Append(result.Error.Replace(_cli.Root, "{folder}", StringComparison.Ordinal));
        PrintOutput(result.Output);
        _played.Append($"exit {(int)result.Code}\n");
    }

    static string Rounded(Match number) =>
        double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[0-9]\.[0-9]{6,}(E[-+][0-9]+)?")]
    private static partial Regex LongFraction();

    void PrintOutput(string output)
    {
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _played.Append($"> {LongFraction().Replace(line, Rounded)}\n");
    }
}

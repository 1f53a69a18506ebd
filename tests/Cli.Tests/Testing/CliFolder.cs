using System.Text.Json;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests.Testing;

/// <summary>What a command printed, and what it ended with.</summary>
sealed record CliResult(ExitCode Code, string Output, string Error)
{
    /// <summary>stdout as the one JSON object that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>The result of a command that must end well.</summary>
    public CliResult Done()
    {
        Assert.True(Code == ExitCode.Done, $"exit {Code}: {Error}");
        return this;
    }
}

/// <summary>The program in this process, in a folder of its own that goes with it.</summary>
sealed class CliFolder : IDisposable
{
    public CliFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"disttrain-tests-{Guid.NewGuid():N}");

    /// <summary>Runs a command line, split at spaces.</summary>
    public Task<CliResult> Run(string line, Func<CliEnvironment, CliEnvironment>? change = null) =>
        RunArgs(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), change);

    public async Task<CliResult> RunArgs(string[] args, Func<CliEnvironment, CliEnvironment>? change = null)
    {
        using var stop = new StopSignal();
        var environment = new CliEnvironment
        {
            Output = new StringWriter { NewLine = "\n" },
            Error = new StringWriter { NewLine = "\n" },
            ErrorIsTerminal = false,
            Variable = _ => null,
            Directory = Root,
            Clock = TimeProvider.System,
            Stop = stop,
        };
        environment = change?.Invoke(environment) ?? environment;
        var code = await CommandProgram.RunAsync(args, DistTrain.Cli.Commands.Root.Create, environment);
        return new CliResult(code, environment.Output.ToString()!, environment.Error.ToString()!);
    }

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public JsonElement ReadJson(string name)
    {
        using var document = JsonDocument.Parse(Read(name));
        return document.RootElement.Clone();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

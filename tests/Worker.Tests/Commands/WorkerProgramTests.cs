using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Worker.Commands;

namespace DistTrain.Worker.Tests.Commands;

/// <summary>The worker as a program of its own, told by settings what is not typed.</summary>
public sealed class WorkerProgramTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("disttrain-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_takes_from_appsettings_what_is_not_typed()
    {
        const string Settings = """{ "Node": { "Join": ["127.0.0.1:1", "127.0.0.1:2"], "JoinTimeout": "50s" }, "Worker": { "Threads": 1 } }""";
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), Settings);

        var (code, error) = await RunAsync("--join-timeout", "300ms");

        Assert.Equal(ExitCode.Cluster, code);
        Assert.Contains("error DT5010: no coordinator answered at 127.0.0.1:1, 127.0.0.1:2 for 0.3 s\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_no_option_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), """{ "Worker": { "Treads": 1 } }""");

        var (code, error) = await RunAsync("--join", "127.0.0.1:1");

        Assert.Equal(ExitCode.CommandLine, code);
        Assert.StartsWith("error DT2004: unknown setting \"Worker:Treads\"\n  did you mean Threads?\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_is_that_of_the_command()
    {
        var (code, _) = await RunAsync("--help");

        Assert.Equal(ExitCode.Done, code);
    }

    async Task<(ExitCode Code, string Error)> RunAsync(params string[] args)
    {
        using var stop = new StopSignal();
        var environment = new CliEnvironment
        {
            Output = new StringWriter { NewLine = "\n" },
            Error = new StringWriter { NewLine = "\n" },
            ErrorIsTerminal = false,
            Variable = _ => null,
            Directory = _folder,
            Clock = TimeProvider.System,
            Stop = stop,
        };
        var code = await NodeProgram.RunAsync(args, WorkerRoot.CommandName, "Worker", WorkerRoot.Create, environment);
        return (code, environment.Error.ToString()!);
    }
}

using System.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>A node as a program of its own: it takes what its command takes, and the rest from settings.</summary>
static class NodeProgram
{
    /// <param name="command">The command that <paramref name="createRoot"/> makes; its name is not typed.</param>
    /// <param name="section">Of the settings (<see cref="ProgramSettings"/>).</param>
    public static Task<ExitCode> RunAsync(
        string[] args, string command, string section, Func<CliEnvironment, RootCommand> createRoot, CliEnvironment environment)
    {
        (RootCommand, IReadOnlyList<string>) Prepare()
        {
            var known = createRoot(environment).Subcommands.Single(candidate => candidate.Name == command);
            var settled = ProgramSettings.Settle(ProgramSettings.Read(environment), section, known, args);
            return (createRoot(environment with { FromSettings = settled.FromSettings }), [command, .. settled.Arguments]);
        }

        return CommandProgram.RunAsync(args, Prepare, environment);
    }
}

using System.CommandLine;
using DistTrain.Node.CommandLine;

namespace DistTrain.Worker.Commands;

/// <summary>The command line of this program alone: what <c>disttrain worker</c> takes.</summary>
static class WorkerRoot
{
    /// <summary>Stands before what is typed.</summary>
    public const string CommandName = "worker";

    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("The worker of a DistTrain cluster.") { new WorkerCommand(environment) };
        foreach (var command in NotYet.PlaceholderCommands()) root.Add(command);
        root.UseOurHelpAndVersion();
        return root;
    }
}

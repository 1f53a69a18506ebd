using System.CommandLine;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Commands;

/// <summary>The command line of this program alone: what <c>disttrain coordinator</c> takes.</summary>
static class CoordinatorRoot
{
    /// <summary>Stands before what is typed.</summary>
    public const string CommandName = "coordinator";

    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("The coordinator of a DistTrain cluster.");
        foreach (var command in NotYet.PlaceholderCommands()) root.Add(command);
        root.UseOurHelpAndVersion();
        return root;
    }
}

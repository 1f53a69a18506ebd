using System.CommandLine;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Commands;

/// <summary>The command line of this program alone: what <c>disttrain coordinator</c> takes.</summary>
static class CoordinatorRoot
{
    /// <summary>The one command there is; users of this program do not type it.</summary>
    public const string CommandName = "coordinator";

    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("The coordinator of a DistTrain cluster.") { new CoordinatorCommand(environment) };
        root.UseOurHelpAndVersion();
        return root;
    }
}

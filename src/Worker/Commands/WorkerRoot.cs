using System.CommandLine;
using DistTrain.Node.CommandLine;

namespace DistTrain.Worker.Commands;

/// <summary>The command line of this program alone: what <c>disttrain worker</c> takes.</summary>
static class WorkerRoot
{
    /// <summary>The one command there is; users of this program do not type it.</summary>
    public const string CommandName = "worker";

    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("The worker of a DistTrain cluster.") { new WorkerCommand(environment) };
        root.UseOurHelpAndVersion();
        return root;
    }
}

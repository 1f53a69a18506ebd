using System.CommandLine;
using DistTrain.Coordinator.Commands;
using DistTrain.Node.CommandLine;
using DistTrain.Worker.Commands;

namespace DistTrain.Cli.Commands;

/// <summary>The whole command line.</summary>
static class Root
{
    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("DistTrain trains softmax classifiers of preference: the same bits for any number of workers.")
        {
            new TrainCommand(environment),
            new CoordinatorCommand(environment),
            new WorkerCommand(environment),
            new EvaluateCommand(environment),
            new PredictCommand(environment),
            new InspectCommand(environment),
            new PrepareCommand(environment),
            new SampleCommand(environment),
        };
        foreach (var command in NotYet.PlaceholderCommands()) root.Add(command);
        root.UseOurHelpAndVersion();
        return root;
    }
}

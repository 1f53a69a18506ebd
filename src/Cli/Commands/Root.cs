using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DistTrain.Cli.Commands;

/// <summary>The whole command line.</summary>
static class Root
{
    const int HelpWidth = 110;

    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("DistTrain trains softmax classifiers of preference: the same bits for any number of workers.")
        {
            new TrainCommand(environment),
            new EvaluateCommand(environment),
            new PredictCommand(environment),
            new InspectCommand(environment),
            new SampleCommand(environment),
        };
        foreach (var command in NotYet.PlaceholderCommands()) root.Add(command);
        foreach (var option in root.Options)
        {
            if (option is VersionOption) option.Action = new VersionAction();
            if (option is HelpOption { Action: HelpAction help }) help.MaxWidth = HelpWidth;
        }
        root.SetAction(parsed => new HelpAction { MaxWidth = HelpWidth }.Invoke(parsed));
        return root;
    }
}

/// <summary>--version: the number alone.</summary>
sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Product.Version);
        return 0;
    }
}

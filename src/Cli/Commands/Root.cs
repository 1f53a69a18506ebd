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
            if (option is HelpOption { Action: HelpAction help }) help.MaxWidth = HelpWidth;
        }
        AddVersion(root);
        root.SetAction(parsed => new HelpAction { MaxWidth = HelpWidth }.Invoke(parsed));
        return root;
    }

    /// <summary>--version on every command, in the place of the library's own, which is alone on its command line.</summary>
    static void AddVersion(RootCommand root)
    {
        var place = root.Options.IndexOf(root.Options.OfType<VersionOption>().Single());
        root.Options[place] =
            new Option<bool>("--version") { Description = "Show version information", Recursive = true, Action = new VersionAction() };
    }
}

/// <summary>--version: the number alone, whatever else was typed.</summary>
sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Product.Version);
        return 0;
    }
}

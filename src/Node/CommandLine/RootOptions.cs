using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DistTrain.Node.CommandLine;

/// <summary>--help and --version as all our programs have them.</summary>
static class RootOptions
{
    const int HelpWidth = 110;

    /// <summary>
    /// Help of a fixed width, also where nothing is typed; --version on every command, in the place of the library's own, which is alone on
    /// its command line.
    /// </summary>
    public static void UseOurHelpAndVersion(this RootCommand root)
    {
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help }) help.MaxWidth = HelpWidth;
        }
        var place = root.Options.IndexOf(root.Options.OfType<VersionOption>().Single());
        root.Options[place] =
            new Option<bool>("--version") { Description = "Show version information", Recursive = true, Action = new VersionAction() };
        root.SetAction(parsed => new HelpAction { MaxWidth = HelpWidth }.Invoke(parsed));
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

using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests;

public sealed class CliEnvironmentTests
{
    [Theory]
    [InlineData(true, "", "", true)]
    [InlineData(false, "", "", false)]
    [InlineData(true, "NO_COLOR", "1", false)]
    [InlineData(true, "CI", "true", false)]
    [InlineData(true, "TERM", "dumb", false)]
    [InlineData(true, "TERM", "xterm-256color", true)]
    public void A_live_display_is_shown_on_a_terminal_that_nobody_wants_plain(bool isTerminal, string name, string value, bool isLive)
    {
        using var stop = new StopSignal();
        var environment = CliEnvironment.OfProcess(stop) with
        {
            ErrorIsTerminal = isTerminal,
            Variable = variable => variable == name ? value : null,
        };

        Assert.Equal(isLive, environment.IsLive);
    }
}

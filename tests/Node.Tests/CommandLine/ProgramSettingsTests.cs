using System.CommandLine;
using DistTrain.Node.CommandLine;
using Microsoft.Extensions.Configuration;

namespace DistTrain.Node.Tests.CommandLine;

public sealed class ProgramSettingsTests
{
    [Fact]
    public void A_setting_stands_for_the_option_of_its_name()
    {
        var settled = Settle([], ("Node:JoinTimeout", "5s"), ("Coordinator:L2", "1e-3"), ("Coordinator:json", "true"));

        Assert.Equal("--join-timeout=5s --json=true --l2=1e-3", Line(settled.Arguments.Order(StringComparer.Ordinal)));
        Assert.Equal("--join-timeout --json --l2", Line(settled.FromSettings.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void What_is_typed_comes_before_what_is_set()
    {
        var settled = Settle(["a.csv", "--l2", "1"], ("Coordinator:L2", "2"), ("Coordinator:Input", "b.csv"));

        Assert.Equal("a.csv --l2 1", Line(settled.Arguments));
        Assert.Empty(settled.FromSettings);
    }

    [Fact]
    public void The_section_of_the_program_comes_before_the_shared_one()
    {
        var settled = Settle([], ("Node:JoinTimeout", "5s"), ("Coordinator:JoinTimeout", "7s"));

        Assert.Equal("--join-timeout=7s", Line(settled.Arguments));
    }

    [Fact]
    public void Lists_give_several_operands_and_several_names()
    {
        var settled = Settle(
            [], ("Coordinator:Input:0", "a.csv"), ("Coordinator:Input:1", "b.csv"), ("Coordinator:Ignore:0", "x"), ("Coordinator:Ignore:1", "y"));

        Assert.Equal("a.csv b.csv --ignore=x --ignore=y", Line(settled.Arguments));
    }

    [Fact]
    public void Settings_of_the_other_program_and_of_logging_are_left_alone()
    {
        Assert.Empty(Settle([], ("Worker:Cache", "c"), ("Logging:LogLevel:Default", "Debug")).Arguments);
    }

    [Fact]
    public void Unknown_settings_are_all_refused_by_name()
    {
        var e = Assert.Throws<ProblemsFoundException>(
            () => Settle([], ("Node:JoinTimout", "5s"), ("Coordinator:Hidden", "1"), ("Nodes:Port", "1")));

        Assert.Equal(
            "unknown section \"Nodes\" in the settings; unknown setting \"Coordinator:Hidden\"; unknown setting \"Node:JoinTimout\"",
            string.Join("; ", e.Problems.Select(problem => problem.Message).Order(StringComparer.Ordinal)));
        Assert.All(e.Problems, problem => Assert.Equal("DT2004", problem.Code));
        Assert.Contains("did you mean JoinTimeout?", e.Problems.SelectMany(problem => problem.Details));
    }

    static string Line(IEnumerable<string> arguments) => string.Join(' ', arguments);

    static SettledArguments Settle(string[] typed, params (string Key, string Value)[] settings)
    {
        var command = new Command("coordinator")
        {
            new Argument<string[]>("INPUT") { Arity = ArgumentArity.ZeroOrMore },
            CliOption.OptionalDuration("--join-timeout", ""),
            CliOption.Numbers("--l2", "", 1),
            CliOption.Names("--ignore", ""),
            CliOption.Switch("--json", ""),
            new Option<string>("--hidden") { Hidden = true },
        };
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(item => KeyValuePair.Create(item.Key, (string?)item.Value)))
            .Build();
        return ProgramSettings.Settle(configuration, "Coordinator", command, typed);
    }
}

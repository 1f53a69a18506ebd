using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests.Commands;

public sealed class NameListTests
{
    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("a", "a")]
    [InlineData("", "")]
    [InlineData(",a,,b,", "a|b")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("c,\"a \"\"q\"\",b\"", "c|a \"q\",b")]
    [InlineData("5\" screen,b", "5\" screen|b")]
    public void Names_stand_between_commas_that_are_not_in_quotes(string text, string names) =>
        Assert.Equal(names, string.Join('|', NameList.Parse(text)));
}

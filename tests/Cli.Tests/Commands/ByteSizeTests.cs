using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests.Commands;

public class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("800000000", 800_000_000)]
    [InlineData("1k", 1024)]
    [InlineData("1.5G", 1_610_612_736)]
    [InlineData("512MiB", 536_870_912)]
    [InlineData("2T", 2_199_023_255_552)]
    public void Sizes_are_read(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory, InlineData(""), InlineData("G"), InlineData("8GB"), InlineData("8iB"), InlineData("-1"), InlineData("much"), InlineData("9999999999T")]
    public void Others_are_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));
}

using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests.Commands;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("1.5h", 5400)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d1h", 176_400)]
    [InlineData("250ms", 0.25)]
    [InlineData("10m", 600)]
    [InlineData("1m5s20ms", 65.02)]
    [InlineData("0s", 0)]
    public void A_duration_is_numbers_with_units(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1s1h")]
    [InlineData("1s1s")]
    [InlineData("1 s")]
    [InlineData("1,5h")]
    [InlineData("1.h")]
    [InlineData("1w")]
    [InlineData("30s\n")]
    [InlineData("99999999999999d")]
    public void Other_texts_are_none(string text) => Assert.Null(DurationText.Parse(text));
}

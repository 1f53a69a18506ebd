using DistTrain.Coordinator.Reports;

namespace DistTrain.Cli.Tests.Reports;

public sealed class ClippedTests
{
    [Theory, InlineData("", ""), InlineData("abcde", "abcde"), InlineData("abcdef", "abcd…"), InlineData("abc\U0001F600f", "abc…")]
    public void A_text_that_is_too_long_is_cut_between_characters(string text, string clipped) =>
        Assert.Equal(clipped, Clipped.To(text, 5));
}

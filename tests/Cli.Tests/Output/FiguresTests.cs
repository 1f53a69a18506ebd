using System.Text.Json;
using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests.Output;

public sealed class FiguresTests
{
    [Theory, InlineData(0.19316492, "0.1931649"), InlineData(1, "1"), InlineData(0, "0"), InlineData(-1.25e-9, "-1.25e-9")]
    [InlineData(1.23456789e-5, "1.234568e-5"), InlineData(123456.789, "123456.8"), InlineData(2.5e10, "2.5e10"), InlineData(double.PositiveInfinity, "Infinity")]
    public void A_value_has_seven_digits(double value, string text) => Assert.Equal(text, Figures.Value(value));

    [Theory, InlineData("1E-05", "1e-5"), InlineData("0.0001", "1e-4"), InlineData("0.1", "0.1")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    public void An_option_is_written_as_it_is_typed(string json, string text)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(text, Figures.Typed(document.RootElement));
    }

    [Theory, InlineData(2.14e-8, "2.1e-8"), InlineData(0, "0.0e0"), InlineData(35, "3.5e1")]
    public void A_small_number_has_two_digits(double value, string text) => Assert.Equal(text, Figures.Small(value));

    [Theory, InlineData(12, "12 rows/s"), InlineData(3400, "3.4k rows/s"), InlineData(2.14e6, "2.1M rows/s"), InlineData(5e10, "50G rows/s")]
    public void A_rate_has_a_unit(double rate, string text) => Assert.Equal(text, Figures.Rate(rate));

    [Theory, InlineData(0.42, "0.42 s"), InlineData(12.34, "12.3 s"), InlineData(205, "3:25"), InlineData(3723, "1:02:03")]
    public void A_duration_is_as_precise_as_it_needs_to_be(double seconds, string text) =>
        Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory, InlineData(1, "1 row"), InlineData(0, "0 rows"), InlineData(12000, "12,000 rows")]
    public void Counts_agree_with_their_noun(long count, string text) => Assert.Equal(text, Figures.Count(count, "row", "rows"));

    [Theory, InlineData(4320, "4,320"), InlineData(0.5, "0.500")]
    public void Whole_weights_look_like_counts(double weight, string text) => Assert.Equal(text, Figures.Weight(weight));

    [Theory, InlineData(0.42134, "+0.4213"), InlineData(-1.24e-5, "−1.24e-5"), InlineData(0, "+0"), InlineData(-250000, "−2.5e5"), InlineData(12.5, "+12.5")]
    public void A_signed_number_has_four_digits(double value, string text) => Assert.Equal(text, Figures.Signed(value));

    [Theory, InlineData(0.4, "40.0 %"), InlineData(1, "100.0 %"), InlineData(0.12345, "12.3 %")]
    public void A_percentage_has_one_decimal(double share, string text) => Assert.Equal(text, Figures.Percent(share));

    [Fact]
    public void A_table_is_aligned_without_trailing_blanks()
    {
        var table = new TextTable("class", "F1");
        table.Add("a", "0.5");
        table.Add("longer", "1");
        using var output = new StringWriter { NewLine = "\n" };

        table.Write(output);

        Assert.Equal("class    F1\na       0.5\nlonger    1\n", output.ToString());
    }
}

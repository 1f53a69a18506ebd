using System.Globalization;
using System.Text;
using CsCheck;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Shared.Tests.Data.Tables.Parsing;

public sealed class DecimalTextTests
{
    static readonly string[] Forms = ["R", "E16", "F3", "E5", "G7"];

    [Fact]
    public void Any_double_in_any_form_reads_back_to_its_bits() =>
        Gen.Select(Gen.Double, Gen.Int[0, Forms.Length - 1]).Where((value, _) => double.IsFinite(value)).Sample((value, form) =>
        {
            var text = value.ToString(Forms[form], CultureInfo.InvariantCulture);
            AssertReads(double.Parse(text, CultureInfo.InvariantCulture), text);
        });

    [Fact]
    public void Decimals_of_any_length_are_rounded_correctly() =>
        Gen.Select(Gen.Long, Gen.Int[0, 25]).Sample((digits, decimals) =>
        {
            var text = digits.ToString(CultureInfo.InvariantCulture);
            var point = Math.Max(text.Length - decimals, text.StartsWith('-') ? 1 : 0);
            text = text[..point] + "." + text[point..];
            AssertReads(double.Parse(text, CultureInfo.InvariantCulture), text);
        });

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", -0.0)]
    [InlineData("+7", 7)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("9007199254740993", 9007199254740992)]
    [InlineData("0.1", 0.1)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [InlineData("1e22", 1e22)]
    [InlineData("1E-400", 0)]
    [InlineData("2.2250738585072011e-308", 2.2250738585072011e-308)]
    public void Known_spellings_are_finite_numbers(string text, double expected) => AssertReads(expected, text);

    [Theory]
    [InlineData("nan", nameof(NumberKind.NotFinite))]
    [InlineData("NaN", nameof(NumberKind.NotFinite))]
    [InlineData("-NAN", nameof(NumberKind.NotFinite))]
    [InlineData("inf", nameof(NumberKind.NotFinite))]
    [InlineData("+Inf", nameof(NumberKind.NotFinite))]
    [InlineData("-infinity", nameof(NumberKind.NotFinite))]
    [InlineData("1e309", nameof(NumberKind.NotFinite))]
    [InlineData("", nameof(NumberKind.Empty))]
    [InlineData(".", nameof(NumberKind.Text))]
    [InlineData("-", nameof(NumberKind.Text))]
    [InlineData("1,000", nameof(NumberKind.Text))]
    [InlineData("1_000", nameof(NumberKind.Text))]
    [InlineData("0x10", nameof(NumberKind.Text))]
    [InlineData("1e", nameof(NumberKind.Text))]
    [InlineData("12a", nameof(NumberKind.Text))]
    [InlineData("infinite", nameof(NumberKind.Text))]
    [InlineData("1.2.3", nameof(NumberKind.Text))]
    [InlineData("٣", nameof(NumberKind.Text))]
    public void Other_cells_have_their_kind(string text, string expected)
    {
        Assert.Equal(expected, DecimalText.Read(text.AsSpan(), out _).ToString());
        Assert.Equal(expected, DecimalText.Read(Encoding.UTF8.GetBytes(text), out _).ToString());
    }

    [Fact]
    public void White_space_around_a_number_is_allowed()
    {
        Assert.Equal(NumberKind.Finite, DecimalText.Read(" 1.5\t", out var value));
        Assert.Equal(1.5, value);
        Assert.Equal(NumberKind.Empty, DecimalText.Read("  ", out _));
    }

    static void AssertReads(double expected, string text)
    {
        Assert.Equal(NumberKind.Finite, DecimalText.Read(text.AsSpan(), out var ofChars));
        Assert.Equal(NumberKind.Finite, DecimalText.Read(Encoding.UTF8.GetBytes(text), out var ofBytes));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(ofChars));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(ofBytes));
    }
}

using System.Globalization;
using System.Text;
using DistTrain.Data.Direct;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Direct;

public class ShortDecimalTests
{
    [Theory]
    [InlineData("0"), InlineData("-0"), InlineData("7"), InlineData("-3.5"), InlineData("12345678"), InlineData("123456.7"), InlineData(".5")]
    [InlineData("5."), InlineData("-.25"), InlineData("0.000001"), InlineData("1234567."), InlineData(".1234567"), InlineData("00012.50")]
    public void Short_numbers_are_read_to_the_bit(string text) => MustBeRead(text);

    [Fact]
    public void All_kinds_of_short_numbers_are_read_to_the_bit()
    {
        var random = new CounterRandom(11, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var digits = (long)(random.NextDouble() * 9_999_999);
            var text = digits.ToString(CultureInfo.InvariantCulture);
            MustBeRead(text.Insert((int)(random.NextDouble() * text.Length), "."));
        }
    }

    [Theory]
    [InlineData(""), InlineData("-"), InlineData("."), InlineData("-."), InlineData("x1"), InlineData("+1"), InlineData(" 1")]
    public void What_does_not_start_with_digits_is_not_read(string text) =>
        Assert.False(ShortDecimal.TryRead(Padded(text, ','), 0, out _, out _));

    [Theory]
    [InlineData("123456789"), InlineData("12345678.5"), InlineData("1.2345678"), InlineData("1e5"), InlineData("1.5x"), InlineData("1.2.3")]
    public void Longer_ones_end_elsewhere_than_where_they_seem_to(string text)
    {
        ShortDecimal.TryRead(Padded(text, ','), 0, out _, out var end);
        Assert.NotEqual(text.Length, end);
    }

    static void MustBeRead(string text)
    {
        foreach (var behind in new[] { ',', '\n', '9' })
        {
            // A digit behind the end of the text belongs to the number.
            var whole = behind == '9' ? text + ";" : text;
            Assert.True(ShortDecimal.TryRead(Padded(whole, behind), 0, out var value, out var end));
            Assert.Equal(text.Length, end);
            var expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
        }
    }

    static byte[] Padded(string text, char behind) => Encoding.ASCII.GetBytes(text + new string(behind, ShortDecimal.BytesBehind));
}

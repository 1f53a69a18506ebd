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
    [InlineData("123456789"), InlineData("12345678.5"), InlineData("1.2345678"), InlineData("999999999999999"), InlineData("-99999999999999.9")]
    [InlineData(".999999999999999"), InlineData("999999999999999."), InlineData("0.00000000000001"), InlineData("9999999.99999999")]
    public void Short_numbers_are_read_to_the_bit(string text) => MustBeRead(text);

    [Theory, InlineData(9_999_999), InlineData(99_999_999), InlineData(999_999_999_999_999)]
    public void All_kinds_of_short_numbers_are_read_to_the_bit(long max)
    {
        var random = new CounterRandom(11, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var digits = (long)(random.NextDouble() * max) / (long)Math.Pow(10, (int)(random.NextDouble() * 15));
            var text = digits.ToString(CultureInfo.InvariantCulture);
            MustBeRead(text);
            MustBeRead(text.Insert((int)(random.NextDouble() * (text.Length + 1)), "."));
        }
    }

    [Theory]
    [InlineData(""), InlineData("-"), InlineData("."), InlineData("-."), InlineData("x1"), InlineData("+1"), InlineData(" 1"), InlineData("--1")]
    [InlineData("1e5"), InlineData("1.5x"), InlineData("1.2.3"), InlineData("1-2"), InlineData("\u00001"), InlineData("1é"), InlineData("9:")]
    [InlineData("1234567890123456"), InlineData("1.2345678901234567"), InlineData("123456789e5"), InlineData("1.23456789.5"), InlineData("..123456789")]
    [InlineData("123456789x"), InlineData("x123456789"), InlineData("12345678é9"), InlineData("1234é56789"), InlineData("0.1234567890123456")]
    public void What_is_anything_else_is_not_read(string text)
    {
        foreach (var behind in ",\n9")
            Assert.False(ShortDecimal.TryRead(Padded(text, behind), 0, Encoding.UTF8.GetByteCount(text), out _));
    }

    static void MustBeRead(string text)
    {
        var expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        foreach (var behind in ",\n9")
        {
            Assert.True(ShortDecimal.TryRead(Padded(text, behind), 0, text.Length, out var value), text);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
        }
    }

    static byte[] Padded(string text, char behind) => Encoding.UTF8.GetBytes(text + new string(behind, ShortDecimal.BytesBehind));
}

using System.Globalization;
using System.Text;
using DistTrain.Data.Direct;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Direct;

public class FourDecimalsTests
{
    static readonly string[] Plain =
    [
        "0", "-0", "7", "-3.5", "12345678", "-12345678", "123456.7", ".5", "-.1234567", "0.000001", "00012.50", "99999999", "-9.999999",
    ];

    static readonly string[] Odd =
    [
        "", "-", ".", "-.", "5.", "123456789", "-123456789", "1e5", "1.5x", "1.2.3", "..5", "+1", " 1", "1 ", "x", "é1", "/", ":", "--1", "-1-", "\0",
    ];

    [Fact]
    public void Each_of_four_is_read_as_it_is_alone()
    {
        var random = new CounterRandom(3, 1);
        for (var i = 0; i < 20_000; i++)
        {
            string[] cells = [.. Enumerable.Range(0, 4).Select(_ => Plain[(int)(random.NextDouble() * Plain.Length)])];

            Assert.True(TryRead(cells, out var values), string.Join(',', cells));
            Assert.Equal(cells.Select(Expected), values.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Numbers_of_all_lengths_are_read_to_the_bit()
    {
        var random = new CounterRandom(4, 1);
        for (var i = 0; i < 20_000; i++)
        {
            string[] cells = [.. Enumerable.Range(0, 4).Select(_ => Generated(random))];

            Assert.True(TryRead(cells, out var values), string.Join(',', cells));
            Assert.Equal(cells.Select(Expected), values.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void One_that_is_anything_else_leaves_all_four_to_others()
    {
        foreach (var odd in Odd)
        {
            for (var place = 0; place < 4; place++)
            {
                string[] cells = ["1.5", "-22", "0.25", "7"];
                cells[place] = odd;

                Assert.False(TryRead(cells, out _), string.Join(',', cells));
            }
        }
    }

    static string Generated(CounterRandom random)
    {
        var digits = ((int)(random.NextDouble() * Math.Pow(10, 1 + (int)(random.NextDouble() * 7)))).ToString(CultureInfo.InvariantCulture);
        return (random.NextDouble() < 0.5 ? "-" : "") + digits.Insert((int)(random.NextDouble() * digits.Length), random.NextDouble() < 0.8 ? "." : "");
    }

    static long Expected(string cell) => BitConverter.DoubleToInt64Bits(double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture));

    static bool TryRead(string[] cells, out double[] values)
    {
        var (text, ends) = (new List<byte>("9,9"u8.ToArray()), new List<int>());
        foreach (var cell in cells)
        {
            text.AddRange(Encoding.UTF8.GetBytes(cell));
            ends.Add(text.Count);
            text.Add((byte)',');
        }
        var isRead = FourDecimals.TryRead([.. text, .. new byte[ShortDecimal.BytesBehind]], 3, [.. ends], out var four);
        values = [four[0], four[1], four[2], four[3]];
        return isRead;
    }
}

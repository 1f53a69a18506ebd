using System.Globalization;
using System.Text;

namespace DistTrain.Cli.Tests.Testing;

/// <summary>Little tables with something to learn in them, the same each time.</summary>
static class SmallInput
{
    /// <summary>rows of colour, size, weight w and label: red and large are mostly liked.</summary>
    public static string Csv(int rowCount, int shift = 0)
    {
        string[] colours = ["red", "green", "blue"];
        var csv = new StringBuilder("colour,size,w,label\n");
        for (var i = 0; i < rowCount; i++)
        {
            var (colour, size) = (colours[(i * 7 + shift) % 3], (i * 13 + shift) % 17 / 4.0);
            var score = (colour == "red" ? 1.5 : 0) + size / 4 - (i * 31 % 11) / 8.0;
            var label = score > 0.9 ? "like" : score > 0.2 ? "neutral" : "dislike";
            csv.Append(CultureInfo.InvariantCulture, $"{colour},{size},{1 + i % 3},{label}\n");
        }
        return csv.ToString();
    }
}

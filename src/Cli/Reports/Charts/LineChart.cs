using System.Globalization;
using System.Text;
using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Charts;

/// <summary>A line through points in the order of x.</summary>
/// <param name="Style">Class of the line in the style sheet.</param>
sealed record Line(string Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over one horizontal axis.</summary>
static class LineChart
{
    /// <summary>Columns of the picture in which a line goes no more than once up and down.</summary>
    const int ColumnsMax = 180;

    /// <summary>Up to so many points are shown as dots as well.</summary>
    const int DotsMax = 40;

    /// <summary>Room that the word of a mark needs before the next one.</summary>
    const double WordWidth = 56;

    /// <param name="text">What it shows, for those who do not see it.</param>
    /// <param name="marks">Places on the horizontal axis where something happened.</param>
    /// <param name="level">A height to compare with, or null.</param>
    /// <param name="across">The horizontal axis; null: from 0 to the last point.</param>
    public static Element Draw(
        string text, string xName, IReadOnlyList<Line> lines, IEnumerable<(double X, string Word)> marks,
        double? level = null, bool preferLogarithm = false, Scale? across = null)
    {
        var values = lines.SelectMany(line => line.Points).Select(point => point.Y);
        double[] all = level is { } height ? [.. values, height] : [.. values];
        var frame = new Frame(
            across ?? LinearScale.UpTo(lines.SelectMany(line => line.Points).Max(point => point.X)), Scale.Of(all, preferLogarithm));
        return frame.Draw(text, xName,
            [level is { } at ? frame.Level(at) : null, .. Draw(frame, [.. marks.OrderBy(mark => mark.X)]), .. lines.SelectMany(line => Draw(frame, line))]);
    }

    /// <summary>Of marks that are too close together only the last has its word.</summary>
    static IEnumerable<Content> Draw(Frame frame, IReadOnlyList<(double X, string Word)> marks) => marks.Select((mark, i) =>
        frame.Mark(mark.X, i + 1 < marks.Count && frame.X(marks[i + 1].X) - frame.X(mark.X) < WordWidth ? "" : mark.Word));

    static IEnumerable<Content> Draw(Frame frame, Line line)
    {
        var places = Thinned([.. line.Points.Select(point => (frame.X(point.X), frame.Y(point.Y)))]);
        if (places.Count > 1) yield return new Element("path", ("class", $"line {line.Style}"), ("d", PathOf(places)));
        if (places.Count > DotsMax) yield break;
        foreach (var (x, y) in places) yield return new Element("circle", ("class", $"dot {line.Style}"), ("cx", x), ("cy", y), ("r", 2.5));
    }

    /// <summary>Of very many places, the highest and the lowest of each column: every peak stays.</summary>
    static IReadOnlyList<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> places)
    {
        if (places.Count <= 2 * ColumnsMax) return places;
        return
        [
            places[0],
            .. places.Skip(1).SkipLast(1).GroupBy(place => (int)(place.X * ColumnsMax / Frame.Width)).SelectMany(Extremes),
            places[^1],
        ];
    }

    static IEnumerable<(double X, double Y)> Extremes(IEnumerable<(double X, double Y)> column)
    {
        var (lowest, highest) = (column.MaxBy(place => place.Y), column.MinBy(place => place.Y));
        return lowest == highest ? [lowest] : lowest.X <= highest.X ? [lowest, highest] : [highest, lowest];
    }

    static string PathOf(IReadOnlyList<(double X, double Y)> places)
    {
        var path = new StringBuilder();
        foreach (var (index, (x, y)) in places.Index())
            path.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? 'M' : 'L')}{x:0.#} {y:0.#}");
        return path.ToString();
    }
}

using DistTrain.Coordinator.Reports.Markup;

namespace DistTrain.Coordinator.Reports.Charts;

/// <summary>A line through points in the order of x.</summary>
/// <param name="Style">Class of the line in the style sheet.</param>
sealed record Line(string Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>What an axis or a line to compare with adds to lines.</summary>
sealed record LineChartOptions
{
    /// <summary>Places on the horizontal axis where something happened.</summary>
    public IEnumerable<(double X, string Word)> Marks { get; init; } = [];

    /// <summary>A height to compare with, or null.</summary>
    public double? Level { get; init; }

    /// <summary>Ratios matter more than differences.</summary>
    public bool PrefersLogarithm { get; init; }

    /// <summary>The horizontal axis; null: from 0 to the last point.</summary>
    public Scale? Across { get; init; }
}

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
    /// <param name="lines">At least one point in all.</param>
    public static Element Draw(string text, string xName, IReadOnlyList<Line> lines, LineChartOptions options)
    {
        var points = lines.SelectMany(line => line.Points).ToList();
        var across = options.Across ?? LinearScale.UpTo(points.Max(point => point.X));
        double[] heights = [.. points.Select(point => point.Y), .. options.Level is { } level ? new[] { level } : []];
        var frame = new Frame(across, Scale.Of(heights, options.PrefersLogarithm));
        return frame.Draw(text, xName,
        [
            options.Level is { } at ? frame.Level(at) : null,
            .. Marks(frame, [.. options.Marks.OrderBy(mark => mark.X)]),
            .. lines.SelectMany(line => Draw(frame, line)),
        ]);
    }

    /// <summary>Of marks that are too close together only the last has its word.</summary>
    static IEnumerable<Content> Marks(Frame frame, IReadOnlyList<(double X, string Word)> marks) => marks.Select((mark, i) =>
        frame.Mark(mark.X, i + 1 < marks.Count && frame.X(marks[i + 1].X) - frame.X(mark.X) < WordWidth ? "" : mark.Word));

    static IEnumerable<Content> Draw(Frame frame, Line line)
    {
        var places = Thinned([.. line.Points.Select(point => (frame.X(point.X), frame.Y(point.Y)))]);
        if (places.Count > 1) yield return Frame.Path($"line {line.Style}", places);
        if (places.Count > DotsMax) yield break;
        foreach (var point in line.Points) yield return frame.Dot($"dot {line.Style}", point, 2.5);
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
}

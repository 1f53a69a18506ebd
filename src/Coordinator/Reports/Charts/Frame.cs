using System.Globalization;
using System.Text;
using DistTrain.Coordinator.Reports.Markup;

namespace DistTrain.Coordinator.Reports.Charts;

/// <summary>The frame of a chart: plot area and axes with their marks; and the shapes that are drawn into it.</summary>
/// <remarks>Lengths are units of the picture; values become places by the two scales.</remarks>
sealed class Frame(Scale x, Scale y)
{
    public const double Width = 440;

    const double Height = 230;
    const double Left = 52;
    const double Right = Width - 14;
    const double Top = 10;
    const double Bottom = Height - 40;

    /// <summary>The place of a value on the horizontal axis.</summary>
    public double X(double value) => Left + x.Share(value) * (Right - Left);

    /// <summary>The place of a value on the vertical axis.</summary>
    public double Y(double value) => Bottom - y.Share(value) * (Bottom - Top);

    /// <summary>The whole picture.</summary>
    /// <param name="text">What it shows, for those who do not see it.</param>
    /// <param name="xName">The horizontal axis with its unit; the vertical one's stands above the picture.</param>
    public Element Draw(string text, string xName, params IEnumerable<Content?> content) => new("svg",
    [
        ("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")), ("role", "img"), ("aria-label", text),
        .. y.Ticks.SelectMany(HorizontalTick),
        .. x.Ticks.Select(VerticalTick),
        Line("base", (Left, Bottom), (Right, Bottom)),
        .. content,
        Word((Right, Height - 4), "end", xName),
    ]);

    /// <summary>A horizontal line to compare with.</summary>
    public Element Level(double at) => Line("level", (Left, Y(at)), (Right, Y(at)));

    /// <summary>A vertical mark with a word, which may be empty.</summary>
    public Fragment Mark(double at, string word)
    {
        var isRight = x.Share(at) > 0.7;
        return new(
            Line("mark", (X(at), Top), (X(at), Bottom)),
            word.Length == 0 ? null : Word((X(at) + (isRight ? -4 : 4), Top + 10), isRight ? "end" : "start", word));
    }

    /// <summary>A straight line between two points, given as values.</summary>
    public Element Segment(string style, (double X, double Y) from, (double X, double Y) to) =>
        Line(style, (X(from.X), Y(from.Y)), (X(to.X), Y(to.Y)));

    /// <summary>A dot at a point given as values.</summary>
    public Element Dot(string style, (double X, double Y) at, double radius) =>
        new("circle", ("class", style), ("cx", X(at.X)), ("cy", Y(at.Y)), ("r", radius));

    /// <summary>A bar from the horizontal axis up to a value, a little narrower than its range.</summary>
    public Element Column(string style, double from, double to, double value) => new("rect",
        ("class", style), ("x", X(from) + 1), ("width", X(to) - X(from) - 2), ("y", Y(value)), ("height", Bottom - Y(value)));

    /// <summary>A line through places of the picture.</summary>
    public static Element Path(string style, IReadOnlyList<(double X, double Y)> places)
    {
        var path = new StringBuilder();
        foreach (var (index, (placeX, placeY)) in places.Index())
            path.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? 'M' : 'L')}{placeX:0.#} {placeY:0.#}");
        return new("path", ("class", style), ("d", path.ToString()));
    }

    IEnumerable<Content> HorizontalTick(Tick tick) =>
    [
        Line("grid", (Left, Y(tick.Value)), (Right, Y(tick.Value))),
        Word((Left - 6, Y(tick.Value) + 4), "end", tick.Label),
    ];

    Element VerticalTick(Tick tick) => Word((X(tick.Value), Bottom + 16), "middle", tick.Label);

    static Element Line(string style, (double X, double Y) from, (double X, double Y) to) =>
        new("line", ("class", style), ("x1", from.X), ("y1", from.Y), ("x2", to.X), ("y2", to.Y));

    /// <param name="anchor">Which end of the word is at the place: "start", "middle" or "end".</param>
    static Element Word((double X, double Y) at, string anchor, string text) =>
        new("text", ("x", at.X), ("y", at.Y), ("text-anchor", anchor), text);
}

using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Charts;

/// <summary>The frame of a chart: plot area, axes with marks and names, in units of the picture.</summary>
sealed class Frame(Scale x, Scale y, double height = Frame.UsualHeight)
{
    public const double Width = 440;
    public const double UsualHeight = 230;

    const double Left = 52;
    const double Right = Width - 14;
    const double Top = 10;

    double Bottom => height - 40;

    /// <summary>Places of the two axes.</summary>
    public double X(double value) => Left + x.Share(value) * (Right - Left);

    public double Y(double value) => Bottom - y.Share(value) * (Bottom - Top);

    /// <summary>The whole picture.</summary>
    /// <param name="text">What it shows, for those who do not see it.</param>
    /// <param name="xName">The horizontal axis with its unit; the vertical one's stands above the picture.</param>
    public Element Draw(string text, string xName, params IEnumerable<Content?> content) => new(
        "svg", [("viewBox", FormattableString.Invariant($"0 0 {Width} {height}")), ("role", "img"), ("aria-label", text),
        Grid(), .. content, new Element("text", ("class", "axis"), ("x", Right), ("y", height - 4), ("text-anchor", "end"), xName)]);

    /// <summary>A horizontal line to compare with.</summary>
    public Element Level(double at) => new("line", ("class", "level"), ("x1", Left), ("x2", Right), ("y1", Y(at)), ("y2", Y(at)));

    /// <summary>A vertical mark with a word, which may be empty.</summary>
    public Fragment Mark(double at, string word) => new(
        new Element("line", ("class", "mark"), ("x1", X(at)), ("x2", X(at)), ("y1", Top), ("y2", Bottom)),
        word.Length == 0 ? null : new Element("text", ("class", "axis"), ("x", X(at) + (IsRight(at) ? -4 : 4)), ("y", Top + 10), ("text-anchor", IsRight(at) ? "end" : "start"), word));

    bool IsRight(double at) => x.Share(at) > 0.7;

    Element Grid() => new("g",
        [.. y.Ticks.SelectMany(HorizontalTick), .. x.Ticks.Select(VerticalTick),
        new Element("line", ("class", "base"), ("x1", Left), ("x2", Right), ("y1", Bottom), ("y2", Bottom))]);

    IEnumerable<Content> HorizontalTick(Tick tick) =>
    [
        new Element("line", ("class", "grid"), ("x1", Left), ("x2", Right), ("y1", Y(tick.Value)), ("y2", Y(tick.Value))),
        new Element("text", ("x", Left - 6), ("y", Y(tick.Value) + 4), ("text-anchor", "end"), tick.Label),
    ];

    Element VerticalTick(Tick tick) =>
        new("text", ("x", X(tick.Value)), ("y", Bottom + 16), ("text-anchor", "middle"), tick.Label);
}

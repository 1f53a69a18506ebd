using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Charts;

/// <summary>A bar in a table's cell, beside the number that it shows; those who do not see it miss nothing.</summary>
static class Bar
{
    /// <summary>From the left.</summary>
    /// <param name="share">0 … 1 of the room.</param>
    public static Element Of(double share) => Draw(new Element("rect", ("class", "fill s1"), ("x", 0), ("y", 1), ("width", 100 * share), ("height", 8)));

    /// <summary>From the middle to either side.</summary>
    /// <param name="share">−1 … 1.</param>
    public static Element Signed(double share) => Draw(
        new Element("rect", ("class", share < 0 ? "fill s2" : "fill s1"), ("x", share < 0 ? 50 + 50 * share : 50), ("y", 1), ("width", 50 * Math.Abs(share)), ("height", 8)),
        new Element("line", ("class", "base"), ("x1", 50), ("x2", 50), ("y1", 0), ("y2", 10)));

    static Element Draw(params IEnumerable<Content?> content) =>
        new("svg", [("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"), .. content]);
}

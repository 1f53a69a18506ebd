using DistTrain.Coordinator.Reports.Markup;

namespace DistTrain.Coordinator.Reports.Charts;

/// <summary>A bar in a table's cell, beside the number that it shows; those who do not see it miss nothing.</summary>
static class Bar
{
    /// <summary>From the left.</summary>
    /// <param name="share">0 … 1 of the room.</param>
    public static Element Of(double share) => Draw(Fill("s1", 0, 100 * share));

    /// <summary>From the middle: to the right above 0, to the left below.</summary>
    /// <param name="share">−1 … 1.</param>
    public static Element Signed(double share) => Draw(
        share < 0 ? Fill("s2", 50 + 50 * share, -50 * share) : Fill("s1", 50, 50 * share),
        new Element("line", ("class", "base"), ("x1", 50), ("x2", 50), ("y1", 0), ("y2", 10)));

    static Element Fill(string style, double from, double width) =>
        new("rect", ("class", $"fill {style}"), ("x", from), ("y", 1), ("width", width), ("height", 8));

    static Element Draw(params IEnumerable<Content?> content) =>
        new("svg", [("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"), .. content]);
}

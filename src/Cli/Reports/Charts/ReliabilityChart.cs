using System.Collections.Immutable;
using DistTrain.Cli.Reports.Markup;
using DistTrain.Learning.Metrics;

namespace DistTrain.Cli.Reports.Charts;

/// <summary>How sure a model was, against how often it was right.</summary>
static class ReliabilityChart
{
    /// <summary>A dot for each bin at its mean probability and its accuracy, the larger the more rows it holds; on the dashed line both are equal.</summary>
    public static Element Draw(string text, ImmutableArray<ReliabilityBin> bins)
    {
        var frame = new Frame(LinearScale.Unit, LinearScale.Unit);
        var heaviest = bins.Max(bin => bin.Weight);
        var path = string.Join('L', bins.Select(bin => FormattableString.Invariant($"{frame.X(bin.Confidence):0.#} {frame.Y(bin.Accuracy):0.#}")));
        return frame.Draw(text, "mean top probability of the bin",
        [
            new Element("line", ("class", "level"), ("x1", frame.X(0)), ("y1", frame.Y(0)), ("x2", frame.X(1)), ("y2", frame.Y(1))),
            bins.Length > 1 ? new Element("path", ("class", "line s1"), ("d", $"M{path}")) : null,
            .. bins.Select(bin => new Element("circle", ("class", "dot s1"), ("cx", frame.X(bin.Confidence)), ("cy", frame.Y(bin.Accuracy)), ("r", 2 + 4 * Math.Sqrt(bin.Weight / heaviest)))),
        ]);
    }

    /// <summary>The share of the weight in each bin.</summary>
    public static Element DrawShares(string text, ImmutableArray<ReliabilityBin> bins)
    {
        var total = bins.Sum(bin => bin.Weight);
        var frame = new Frame(LinearScale.Unit, LinearScale.Around(0, bins.Max(bin => bin.Weight) / total));
        return frame.Draw(text, "top probability", bins.Select(bin => new Element("rect", ("class", "fill s1"),
            ("x", frame.X(bin.From) + 1), ("width", frame.X(bin.To) - frame.X(bin.From) - 2),
            ("y", frame.Y(bin.Weight / total)), ("height", frame.Y(0) - frame.Y(bin.Weight / total)))));
    }
}

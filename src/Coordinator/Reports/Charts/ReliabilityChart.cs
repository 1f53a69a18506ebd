using System.Collections.Immutable;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Learning.Metrics;

namespace DistTrain.Coordinator.Reports.Charts;

/// <summary>How sure a model was, against how often it was right.</summary>
static class ReliabilityChart
{
    /// <summary>A dot for each bin at its mean probability and its accuracy, the larger the more rows it holds.</summary>
    /// <remarks>On the dashed line both are equal.</remarks>
    public static Element Draw(string text, ImmutableArray<ReliabilityBin> bins)
    {
        var frame = new Frame(LinearScale.Unit, LinearScale.Unit);
        var heaviest = bins.Max(bin => bin.Weight);
        return frame.Draw(text, "mean top probability of the bin",
        [
            frame.Segment("level", (0, 0), (1, 1)),
            bins.Length > 1 ? Frame.Path("line s1", [.. bins.Select(bin => (frame.X(bin.Confidence), frame.Y(bin.Accuracy)))]) : null,
            .. bins.Select(bin => frame.Dot("dot s1", (bin.Confidence, bin.Accuracy), 2 + 4 * Math.Sqrt(bin.Weight / heaviest))),
        ]);
    }

    /// <summary>The share of the weight in each bin.</summary>
    public static Element DrawShares(string text, ImmutableArray<ReliabilityBin> bins)
    {
        var total = bins.Sum(bin => bin.Weight);
        var frame = new Frame(LinearScale.Unit, LinearScale.Around(0, bins.Max(bin => bin.Weight) / total));
        return frame.Draw(text, "top probability", bins.Select(bin => frame.Column("fill s1", bin.From, bin.To, bin.Weight / total)));
    }
}

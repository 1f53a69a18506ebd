using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>The probabilities that a model gives to rows.</summary>
public static class ProbabilityKernel
{
    /// <summary>p = softmax(W·x + b) of every row, in double, as the closing pass computes it. Labels and weights play no part.</summary>
    /// <param name="probabilities">Destination, [rows][K].</param>
    public static void Compute(EvaluationPoint point, Shard shard, Span<double> probabilities)
    {
        var classes = point.Shape.ClassCount;
        probabilities = probabilities[..(shard.RowCount * classes)];
        probabilities.Clear();
        DoubleLogits.AddSparse(point.Doubles, point.Layout, classes, shard.Sparse, probabilities);
        for (var row = 0; row < shard.RowCount; row++)
        {
            var logits = probabilities.Slice(row * classes, classes);
            DoubleLogits.AddRow(point.Doubles, point.Layout, shard, row, logits);
            DoubleSoftmax.ToProbabilities(logits);
        }
    }
}

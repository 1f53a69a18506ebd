using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>The probabilities and labels that a model gives to rows.</summary>
public static class ProbabilityKernel
{
    /// <summary>
    /// p = softmax(β·(W·x + b)) of every row, in double, as the closing pass computes it, and the class of the largest logit. Observed
    /// classes and weights play no part.
    /// </summary>
    /// <param name="inverseTemperature">β, above 0.</param>
    /// <param name="probabilities">Destination, [rows][K].</param>
    /// <param name="labels">Destination, [rows].</param>
    public static void Compute(
        EvaluationPoint point, Shard shard, double inverseTemperature, Span<double> probabilities, Span<int> labels)
    {
        var classes = point.Shape.ClassCount;
        probabilities = probabilities[..(shard.RowCount * classes)];
        probabilities.Clear();
        DoubleLogits.AddSparse(point.Doubles, point.Layout, classes, shard.Sparse, probabilities);
        for (var row = 0; row < shard.RowCount; row++)
        {
            var logits = probabilities.Slice(row * classes, classes);
            DoubleLogits.AddRow(point.Doubles, point.Layout, shard, row, logits);
            labels[row] = DoubleSoftmax.Largest(logits);
            for (var k = 0; k < classes; k++) logits[k] *= inverseTemperature;
            DoubleSoftmax.ToProbabilities(logits);
        }
    }
}

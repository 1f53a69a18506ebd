using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>The probabilities and labels that a model gives to rows.</summary>
public static class ProbabilityKernel
{
    /// <summary>
    /// Natural probabilities (<see cref="NaturalLogits"/>) of every row, in double, and the label that the model gives it, both as the
    /// closing pass computes them. Observed labels and weights play no part.
    /// </summary>
    /// <param name="targets">Those that the model was trained with.</param>
    /// <param name="inverseTemperature">By what natural logits are multiplied, above 0; labels do not depend on it.</param>
    /// <param name="probabilities">Destination, [rows][K].</param>
    /// <param name="labels">Destination, [rows].</param>
    public static void Compute(
        EvaluationPoint point, Targets targets, double inverseTemperature, Shard shard, Span<double> probabilities, Span<int> labels)
    {
        var natural = new NaturalLogits(targets);
        var classes = point.Shape.ClassCount;
        probabilities = probabilities[..(shard.RowCount * classes)];
        probabilities.Clear();
        DoubleLogits.AddSparse(point.Doubles, point.Layout, classes, shard.Sparse, probabilities);
        for (var row = 0; row < shard.RowCount; row++)
        {
            var logits = probabilities.Slice(row * classes, classes);
            DoubleLogits.AddRow(point.Doubles, point.Layout, shard, row, logits);
            labels[row] = DoubleSoftmax.Largest(logits);
            natural.Shift(logits);
            for (var k = 0; k < classes; k++) logits[k] *= inverseTemperature;
            DoubleSoftmax.ToProbabilities(logits);
        }
    }
}

using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The probabilities and labels that a model gives to rows.</summary>
public static unsafe class ProbabilityKernel
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
        var lanes = DoubleLanes.CountOf(classes);
        var rows = new AlignedMemory<double>(checked(shard.RowCount * lanes));
        DoubleLogits.AddSparse(point.Doubles, point.Layout, classes, shard.Sparse, rows.First);
        AddRows(point, shard, rows);
        for (var row = 0; row < shard.RowCount; row++)
        {
            var logits = rows.Span.Slice(row * lanes, classes);
            labels[row] = DoubleSoftmax.Largest(logits);
            natural.Shift(logits);
            for (var k = 0; k < classes; k++) logits[k] *= inverseTemperature;
            DoubleSoftmax.ToProbabilities(logits);
            logits.CopyTo(probabilities[(row * classes)..]);
        }
    }

    static void AddRows(EvaluationPoint point, Shard shard, AlignedMemory<double> rows)
    {
        var tile = new DoubleTile();
        var lanes = DoubleLanes.CountOf(point.Shape.ClassCount);
        for (var row = 0; row < shard.RowCount; row++)
        {
            tile.Add(row, rows.First + (nint)row * lanes);
            if (!tile.IsFull && row < shard.RowCount - 1) continue;
            DoubleLogits.AddRows(point.Doubles, point.Layout, point.Shape.ClassCount, shard, tile);
            tile.Clear();
        }
    }
}

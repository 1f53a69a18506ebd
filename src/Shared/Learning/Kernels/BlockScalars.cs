using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The scalar sums of one block in the double kernel, on their way to exact integers.</summary>
struct BlockScalars
{
    public double Loss;
    public double Weight;
    public double TrainingWeight;
    public double Entropy;

    /// <summary>
    /// Rounds them into <paramref name="sums"/>. False where the loss is not finite or too large; then only the weights are added.
    /// </summary>
    public readonly bool AddTo(EvaluationSums sums, Scales scales)
    {
        var scale = scales.Scalar;
        sums.Weight += FixedPoint.RoundWide(Weight, scale);
        sums.TrainingWeight += FixedPoint.RoundWide(TrainingWeight, scale);
        if (!BlockSums.IsWithin(Loss, Weight))
        {
            sums.NonFinite = true;
            return false;
        }

        sums.Loss += FixedPoint.RoundWide(Loss, scale);
        sums.Entropy += FixedPoint.RoundWide(Entropy, scale);
        return true;
    }
}

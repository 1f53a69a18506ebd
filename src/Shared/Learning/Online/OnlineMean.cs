namespace DistTrain.Learning.Online;

/// <summary>
/// Where an online pass over all shards leads: the mean of the shards' moves, each feature's weighted by Σ w|x_d| of the shard.
/// </summary>
public static class OnlineMean
{
    /// <summary>The point moved, a new array of floats; weights of constant columns stay 0.</summary>
    /// <param name="point">From where the pass started, as <see cref="Parameters.Values"/>.</param>
    /// <param name="sums">Complete and finite.</param>
    public static double[] Moved(PenalizedObjective objective, double[] point, EvaluationSums sums)
    {
        var (classCount, featureCount) = (objective.Shape.ClassCount, objective.Shape.FeatureCount);
        var manifest = objective.Statistics.Manifest;
        var moved = new Parameters(objective.Shape, [.. point]);
        for (var d = 0; d <= featureCount; d++)
        {
            var size = d < featureCount ? manifest.AbsoluteSums[d] : manifest.WeightSum;
            var scale = (d < featureCount ? objective.Scales.Features[d] : objective.Scales.Intercept) / OnlinePass.MoveMax;
            if (size == 0) continue;
            for (var k = 0; k < classCount; k++)
            {
                ref var value = ref moved.Values[d < featureCount ? k * featureCount + d : classCount * featureCount + k];
                value += sums.Moves[d * classCount + k] / scale / size;
            }
        }
        return objective.WithoutConstants(moved).Values;
    }
}

using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

public sealed class BatchGradientTests
{
    [Fact]
    public void A_batch_is_divided_by_its_own_weight()
    {
        var statistics = new SlowEvaluator(PlainProblem.ThreeClassToy).Statistics;
        var objective = new PenalizedObjective(statistics, Penalty.Of(statistics, l2: 0));
        var sums = new EvaluationSums(objective.Shape, EvaluationKind.Batch)
        {
            Loss = FixedPoint.RoundWide(6, objective.Scales.Intercept),
            TrainingWeight = FixedPoint.RoundWide(4, objective.Scales.Intercept),
        };
        sums.Gradient[^1] = FixedPoint.Round(2 * objective.Scales.Intercept); // the last class's intercept
        sums.Gradient[0] = FixedPoint.Round(0.5 * objective.Scales.Features[0]); // class 1's first weight

        var batch = new BatchGradient(objective.Scales);

        for (var time = 0; time < 2; time++) // The second time in memory that was written to.
        {
            Assert.Equal(1.5, batch.Read(sums), 1e-15);
            var (features, values) = PlainGradient.All(batch);
            Assert.Equal([0, 1, 2, 3], features);
            Assert.Equal([-0.125, 0.125, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.5, 0, 0.5, 0], values);
            batch.PartAt(0).Values.Span.Fill(7);
        }
    }
}

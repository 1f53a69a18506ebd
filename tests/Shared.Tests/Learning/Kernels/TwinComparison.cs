using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>Kernel against slow twin: what all kinds have in common.</summary>
static class TwinComparison
{
    /// <summary>
    /// Asserts that sums equal the twin's, up to <paramref name="precision"/>: for the loss relative to S·(1 + range of logits), for a
    /// column's gradient relative to Σ w|x| and the largest class weight times the same, which is how rounded logits reach it.
    /// </summary>
    public static void AssertClose(ExampleRows rows, Parameters parameters, EvaluationSums sums, double precision)
    {
        var twin = new SlowSoftmax(rows, parameters);
        Assert.False(sums.NonFinite);
        Assert.Equal(twin.RowCount, sums.RowCount);
        Assert.Equal(twin.ImpossibleRowCount, sums.ImpossibleRowCount);
        Assert.Equal(twin.Weight, KernelRuns.Number(sums.Weight, rows), 1e-9 * twin.Weight);

        var room = precision * (1 + twin.LogitRange);
        if (sums.Kind.HasObjective())
        {
            Assert.Equal(twin.TrainingWeight, KernelRuns.Number(sums.TrainingWeight, rows), 1e-7 * twin.TrainingWeight);
            Assert.Equal(twin.Loss, KernelRuns.Number(sums.Loss, rows), room * twin.TrainingWeight);
        }
        // The twin adds doubles one after the other, which errs more than integers do.
        if (sums.Probabilities is { ClassLosses: var losses })
            Assert.Equal(twin.LogLoss, losses.Sum(loss => KernelRuns.Number(loss, rows)), 1e-12 * (1 + twin.LogitRange) * twin.Weight);
        if (sums.Kind.HasGradient()) AssertGradientClose(rows, twin, sums, room);
    }

    static void AssertGradientClose(ExampleRows rows, SlowSoftmax twin, EvaluationSums sums, double room)
    {
        var gradient = sums.GradientSums(rows.ToScales());
        var absolute = rows.AbsoluteSums;
        var weightMax = rows.Targets.ClassWeightMax;
        var features = rows.Layout.FeatureCount;
        for (var i = 0; i < gradient.Length; i++)
        {
            var column = weightMax * (i < rows.ClassCount * features ? absolute[i % features] : twin.Weight);
            var difference = Math.Abs(gradient[i] - twin.Gradient[i]);
            Assert.True(
                difference <= room * column,
                $"parameter {i}: {gradient[i]:R} against {twin.Gradient[i]:R}, off by {difference:E2} of {column:E2}");
        }
    }
}

using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Real data whose optima two other programs agree on.</summary>
public sealed class NurseryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1e-2, 0.4659560, 25)]
    [InlineData(1e-4, 0.1931649, 200)]
    public void Nursery_trains_to_its_published_optimum(double l2, double optimum, int evaluationsMax)
    {
        if (RealData.PathOf("nursery/nursery.csv") is not { } path)
        {
            output.WriteLine("shared/data/nursery is not beside this checkout: nothing tested.");
            return;
        }
        var problem = RealData.OneHot(path);

        var result = TrainingTrace.Of(problem, new TrainingOptions { L2 = l2, Tolerance = 1e-7 }).Result;

        output.WriteLine($"{result.Steps} steps, {result.Evaluations} evaluations, objective {result.Objective:R}, bound {result.SuboptimalityBound:E2}");
        Assert.Equal(27, problem.FeatureCount);
        Assert.Equal(StoppedBy.Tolerance, result.StoppedBy);
        Assert.Equal(optimum, result.Objective, 2e-7);
        Assert.InRange(result.SuboptimalityBound!.Value, 0, 1e-7);
        Assert.InRange(result.Evaluations, 2, evaluationsMax);
        if (l2 == 1e-4) Assert.Equal(0.92693, result.Training.Accuracy, 1e-5);
    }
}

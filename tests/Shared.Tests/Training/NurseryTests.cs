using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training;

public sealed class NurseryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1e-2, 1e-7)]
    [InlineData(1e-4, 1e-5)]
    [InlineData(1e-4, 1e-7)]
    public void N(double l2, double tol)
    {
        var trace = TrainingTrace.Of(RealData.OneHot(RealData.PathOf("nursery/nursery.csv")!), new TrainingOptions { L2 = l2, Tolerance = tol });
        output.WriteLine($"{l2} tol {tol} steps {trace.Result.Steps} evals {trace.Result.Evaluations} {trace.Result.StoppedBy} gmax {trace.Result.GradientMax:E2} F {trace.Result.Objective} bound {trace.Result.SuboptimalityBound} acc {trace.Result.Training.Accuracy}");
    }
}

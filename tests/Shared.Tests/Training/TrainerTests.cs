using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training;

public sealed class TrainerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 1e-2)]
    [InlineData(3, 1e-4)]
    [InlineData(3, 10)]
    [InlineData(5, 1e-8)]
    [InlineData(10, 1e-3)]
    public void Lbfgs_finds_the_optimum_of_the_independent_solver(int classCount, double l2)
    {
        foreach (var isWeighted in new[] { false, true })
        {
            foreach (Func<int, double> scale in new Func<int, double>[] { _ => 1, d => d == 0 ? 1e3 : d == 1 ? 1e-3 : 1 })
            {
                var problem = PlainProblem.Random(seed: 7, rowCount: 300, featureCount: 4, classCount, scale, isWeighted);
                var optimum = NewtonSolver.Solve(problem, l2);
                foreach (var tol in new[] { 1e-5, 1e-7, 1e-12 })
                {
                    var trace = TrainingTrace.Of(problem, new TrainingOptions { L2 = l2, Tolerance = tol });
                    output.WriteLine($"{isWeighted} {scale(0)} tol {tol} newton {optimum.GradientMax:E1} steps {trace.Result.Steps} evals {trace.Result.Evaluations} {trace.Result.StoppedBy} gmax {trace.Result.GradientMax:E2} rel {(trace.Result.Objective - optimum.Objective) / optimum.Objective:E2} bound {trace.Result.SuboptimalityBound / optimum.Objective:E2}");
                }
            }
        }
    }
}

namespace DistTrain.Shared.Tests.Testing;

public sealed class NewtonSolverTests
{
    [Fact]
    public void One_feature_and_two_classes_agree_with_the_scalar_equation()
    {
        // x = ±1 with labels as their sign: W = (−w, w), b = 0, and 0 = −σ(−2w) + λ·w.
        var optimum = NewtonSolver.Solve(new PlainProblem([[-1], [1]], [0, 1], 2), 0.1);

        var w = optimum.Values[1];
        Assert.Equal(1 / (1 + Math.Exp(2 * w)), 0.1 * w, 1e-14);
        Assert.Equal(-w, optimum.Values[0], 1e-14);
        Assert.Equal([0, 0], optimum.Values[2..]);
        Assert.InRange(optimum.GradientMax, 0, 1e-14);
    }

    [Theory]
    [InlineData(2, 1e-8)]
    [InlineData(3, 1e-2)]
    [InlineData(10, 10)]
    public void No_gradient_is_left_and_no_neighbour_is_lower(int classCount, double l2)
    {
        var problem = PlainProblem.Random(seed: 6, rowCount: 60, featureCount: 3, classCount, isWeighted: true);

        var optimum = NewtonSolver.Solve(problem, l2);

        Assert.InRange(optimum.GradientMax, 0, 1e-13);
        Assert.Equal(optimum.Objective, NewtonSolver.Objective(problem, l2, optimum.Values), 1e-14);
        for (var i = 0; i < optimum.Values.Length; i++)
        {
            var neighbour = optimum.Values.Select((x, j) => i == j ? x + 1e-3 : x).ToArray();
            Assert.True(NewtonSolver.Objective(problem, l2, neighbour) > optimum.Objective);
        }
    }
}

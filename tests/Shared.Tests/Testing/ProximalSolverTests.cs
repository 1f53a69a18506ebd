using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Testing;

public sealed class ProximalSolverTests
{
    static double[] Each(double value, int count) => [.. Enumerable.Repeat(value, count)];

    [Fact]
    public void One_feature_and_two_classes_agree_with_the_scalar_equation()
    {
        // x = ±1 with labels as their sign, pure L1: only the difference w of the classes' weights counts, and σ(−w) = λ.
        var optimum = ProximalSolver.Solve(new PlainProblem([[-1], [1]], [0, 1], 2), new([0], [0.1]));

        Assert.Equal(Math.Log(9), optimum.Values[1] - optimum.Values[0], 1e-9);
        Assert.Equal(Math.Log(1 / 0.9) + 0.1 * Math.Log(9), optimum.Objective, 1e-12);
    }

    [Fact]
    public void A_penalty_beyond_every_slope_leaves_nothing_but_the_prior()
    {
        var problem = PlainProblem.Random(seed: 6, rowCount: 60, featureCount: 3, classCount: 3);

        var optimum = ProximalSolver.Solve(problem, new(Each(0, 3), Each(2, 3)));

        Assert.All(optimum.Values[..9], weight => Assert.Equal(0, weight));
        var priors = Enumerable.Range(0, 3).Select(k => problem.Labels.Count(label => label == k) / 60.0);
        Assert.Equal(priors.Sum(p => -p * Math.Log(p)), optimum.Objective, 1e-12);
    }

    [Theory]
    [InlineData(2, 1e-4)]
    [InlineData(3, 1e-2)]
    [InlineData(8, 1)]
    public void Without_L1_it_finds_the_optimum_of_the_Newton_solver(int classCount, double l2)
    {
        var problem = PlainProblem.Random(seed: 6, rowCount: 60, featureCount: 3, classCount, isWeighted: true);

        var optimum = ProximalSolver.Solve(problem, new(Each(l2, 3), Each(0, 3)));

        Assert.Equal(NewtonSolver.Solve(problem, l2).Objective, optimum.Objective, 1e-13);
        Assert.InRange(optimum.Residual, 0, 1e-10);
    }

    [Theory]
    [InlineData(0, 1e-2, 0)]
    [InlineData(1e-3, 1e-3, 0.2)]
    [InlineData(1e-1, 1e-1, 0.05)]
    public void No_slope_is_left_and_no_neighbour_is_lower(double l2, double l1, double smoothing)
    {
        var problem = PlainProblem.Random(seed: 8, rowCount: 80, featureCount: 4, classCount: 3, isWeighted: true) with
        {
            Targets = new Targets(smoothing, smoothing > 0 ? [0.5, 2, 1] : []),
        };
        ProximalSolver.Penalties penalties = new([l2, 2 * l2, l2, l2], [l1, l1, 3 * l1, l1]);

        var optimum = ProximalSolver.Solve(problem, penalties);

        Assert.InRange(optimum.Residual, 0, 1e-10);
        Assert.Equal(optimum.Objective, ProximalSolver.Objective(problem, penalties, optimum.Values), 1e-14);
        for (var i = 0; i < optimum.Values.Length; i++)
        {
            foreach (var by in new[] { -1e-3, 1e-3 })
            {
                var neighbour = optimum.Values.Select((x, j) => i == j ? x + by : x).ToArray();
                Assert.True(ProximalSolver.Objective(problem, penalties, neighbour) >= optimum.Objective);
            }
        }
    }
}

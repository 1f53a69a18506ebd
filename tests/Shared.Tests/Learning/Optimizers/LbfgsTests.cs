using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class LbfgsTests
{
    static Lbfgs From(params double[] start) =>
        Lbfgs.From(start, new DiagonalCurvature([.. start.Select(_ => 1.0)]), [.. start.Select(_ => 1.0)]);

    [Fact]
    public void A_quadratic_whose_diagonal_is_known_takes_one_step()
    {
        var optimizer = Lbfgs.From([3, -2], new DiagonalCurvature(2, 1000), [1, 1]);

        var run = Minimization.Of(optimizer, x => (x[0] * x[0] + 500 * x[1] * x[1], [2 * x[0], 1000 * x[1]]), tolerance: 1e-9);

        Assert.Equal([0.0, 0.0], run.Point);
        Assert.Equal(2, run.Evaluations);
        Assert.Equal([9 + 2000, 0.0], run.Steps.Select(step => step.Objective));
        Assert.Equal(2000, run.Steps[0].GradientMax);
    }

    [Fact]
    public void A_correlated_quadratic_of_condition_1e6_is_minimised()
    {
        // ½x'Ax − x'A·1 with A = diag(1 … 1e6) rotated in the planes (0, 1) and (2, 3): optimum at all ones.
        double[] scales = [1, 1e2, 1e4, 1e6];
        (double, double[]) Function(double[] x)
        {
            var (value, gradient) = (0.0, new double[4]);
            for (var j = 0; j < 4; j++)
            {
                var (a, b) = (j / 2 * 2, j / 2 * 2 + 1);
                var residual = (j % 2 == 0 ? x[a] - 1 + (x[b] - 1) : x[b] - 1 - (x[a] - 1)) * Math.Sqrt(0.5);
                value += scales[j] / 2 * residual * residual;
                gradient[a] += scales[j] * residual * Math.Sqrt(0.5) * (j % 2 == 0 ? 1 : -1);
                gradient[b] += scales[j] * residual * Math.Sqrt(0.5);
            }
            return (value, gradient);
        }

        var run = Minimization.Of(From(0, 0, 0, 0), Function, tolerance: 1e-6);

        Assert.All(run.Point, x => Assert.Equal(1, x, 1e-6));
        Assert.InRange(run.Evaluations, 2, 60);
    }

    static (double, double[]) Rosenbrock(double[] x)
    {
        var (a, b) = (1 - x[0], x[1] - x[0] * x[0]);
        return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b]);
    }

    [Fact]
    public void Rosenbrocks_valley_is_followed_to_its_end_and_never_climbed()
    {
        var run = Minimization.Of(From(-1.2, 1), Rosenbrock, tolerance: 1e-4);

        Assert.Equal(1, run.Point[0], 1e-3);
        Assert.Equal(1, run.Point[1], 1e-3);
        Assert.InRange(run.Evaluations, 10, 60);
        Assert.All(run.Steps.Zip(run.Steps.Skip(1)), pair => Assert.True(pair.Second.Objective < pair.First.Objective));
    }

    [Fact]
    public void Every_point_asked_about_holds_float32_numbers()
    {
        IOptimizer optimizer = From(-1.2, 1.1);
        for (var i = 0; i < 20; i++)
        {
            Assert.All(optimizer.Trial, x => Assert.Equal((float)x, x));
            var (value, gradient) = Rosenbrock(optimizer.Trial);
            optimizer = optimizer.Tell(value, gradient).Optimizer;
        }
    }

    [Fact]
    public void An_old_state_told_again_gives_the_same_answers()
    {
        Minimization.AssertOldStatesAnswerAgain(From(-1.2, 1), Rosenbrock, evaluations: 30);
    }

    [Fact]
    public void Letting_go_of_what_is_not_needed_changes_no_bit() => Minimization.AssertLettingGoChangesNothing(
        From(LongFunctions.Start), LongFunctions.Rosenbrock, evaluations: 40);

    [Fact]
    public void A_starting_point_that_is_not_finite_is_divergence()
    {
        var error = Assert.Throws<DistTrainException>(() => From(1).Tell(double.PositiveInfinity, []));

        Assert.Equal("DT6001", error.Problem.Code);
        Assert.Equal(ExitCode.Diverged, error.Problem.ExitCode);
        Assert.Equal("training diverged: loss or gradient at the starting point is not finite", error.Problem.Message);
        Assert.Throws<DistTrainException>(() => From(1).Tell(1, [double.NaN]));
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void A_trial_that_is_not_finite_only_shortens_the_step(double outside)
    {
        // −log x − log(1−x) has no value outside (0, 1), where the first full step leads.
        (double, double[]) Barrier(double[] x) => x[0] is > 0 and < 1
            ? (-Math.Log(x[0]) - Math.Log(1 - x[0]), [-1 / x[0] + 1 / (1 - x[0])])
            : (outside, []);

        var run = Minimization.Of(From(0.001), Barrier, tolerance: 1e-4);

        Assert.Equal(0.5, run.Point[0], 1e-4);
        Assert.False(run.Exhausted);
    }

    [Fact]
    public void A_start_at_the_optimum_is_exhausted_at_once()
    {
        var answer = From(0, 0).Tell(1, [0, 0]);

        Assert.True(answer.Exhausted);
        Assert.Equal(new OptimizerStep(1, 0), answer.Step);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Noise_ends_in_an_honest_stop_near_the_optimum(ulong seed)
    {
        const double Noise = 6e-8;
        var random = new CounterRandom(seed, 0);
        (double, double[]) Noisy(double[] x)
        {
            var (value, gradient) = (10.0, new double[x.Length]);
            for (var i = 0; i < x.Length; i++)
            {
                value += (i + 1) * (x[i] - 1) * (x[i] - 1) / 2;
                gradient[i] = (i + 1) * (x[i] - 1) + Noise * random.NextGaussian();
            }
            return (value * (1 + Noise * random.NextGaussian()), gradient);
        }

        var run = Minimization.Of(From(new double[8]), Noisy);

        Assert.True(run.Exhausted, $"seed {seed}");
        Assert.InRange(run.Evaluations, 1, 150);
        Assert.All(run.Point, x => Assert.Equal(1, x, 1e-6));
    }

    [Fact]
    public void A_function_that_falls_for_ever_is_followed_without_end_or_exception()
    {
        var run = Minimization.Of(From(0), x => (-x[0], [-1]), evaluationsMax: 50);

        Assert.True(run.Point[0] > 1e6);
    }
}

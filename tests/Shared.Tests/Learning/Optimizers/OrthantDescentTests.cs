using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class OrthantDescentTests
{
    const double Lambda = 0.5;

    static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    static double[] Lambdas(int count) => [.. Enumerable.Repeat(Lambda, count)];

    public static TheoryData<string> Kinds => ["owlqn", "gd"];

    static OrthantDescent From(string kind, double[] start, double[] l1) => kind == "owlqn"
        ? Owlqn.From(start, new DiagonalCurvature(Ones(start.Length)), l1, Ones(start.Length))
        : GradientDescent.From(start, l1, Ones(start.Length));

    /// <summary>
    /// Σ cᵢ/2 (xᵢ − tᵢ)² + λ Σ|xᵢ|, whose least point is tᵢ brought towards 0 by λ/cᵢ; the gradient of the squares alone.
    /// </summary>
    static Func<double[], (double, double[])> Squares(double[] curvatures, double[] targets) => x =>
    {
        var (value, gradient) = (0.0, new double[x.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            value += curvatures[i] / 2 * (x[i] - targets[i]) * (x[i] - targets[i]) + Lambda * Math.Abs(x[i]);
            gradient[i] = curvatures[i] * (x[i] - targets[i]);
        }
        return (value, gradient);
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Squares_and_absolute_values_end_at_the_shrunken_targets_with_exact_zeros(string kind)
    {
        var function = Squares([1, 2, 4, 1, 1], [3, -2, 0.1, 0.5, -0.4]);

        var run = Minimization.Of(From(kind, [0, 0, 5, -1, 1], Lambdas(5)), function, tolerance: 1e-6);

        Assert.Equal(2.5, run.Point[0], 1e-5);
        Assert.Equal(-1.75, run.Point[1], 1e-5);
        Assert.Equal([0, 0, 0.0], run.Point[2..]);
        Assert.InRange(run.Steps[^1].GradientMax, 0, 1e-6);
    }

    [Fact]
    public void From_a_point_of_zeros_only_the_slopes_beyond_lambda_move()
    {
        var first = From("owlqn", [0, 0], Lambdas(2)).Tell(0, [-2, 0.25]);

        Assert.Equal([1.5, 0], first.Optimizer.Trial);
        Assert.Equal(1.5, first.Step!.GradientMax);
    }

    [Fact]
    public void A_step_that_would_change_a_sign_stops_at_zero()
    {
        // ½(x + 3)² + ½|x| from 1: the full step would lead to −3.5, but the orthant ends at 0.
        var first = From("owlqn", [1], [Lambda]).Tell(8.5, [4]);

        Assert.Equal([0.0], first.Optimizer.Trial);
        var second = first.Optimizer.Tell(4.5, [3]);
        Assert.Equal(new OptimizerStep(4.5, 2.5), second.Step);
        Assert.True(second.Optimizer.Trial[0] < 0);
    }

    [Fact]
    public void A_coordinate_at_zero_that_the_direction_would_move_uphill_is_held_and_the_others_step_without_it()
    {
        // H₀ = [[2, −1.5], [−1.5, 2]], slopes (−4, −1) beyond λ: −H₀g = (6.5, −4), but coordinate 1 falls only upwards, so it is held.
        var optimizer = Owlqn.From([0, 0], new CoupledCurvature(2, -1.5), Lambdas(2), Ones(2));

        var trial = optimizer.Tell(0, [-4.5, -1.5]).Optimizer.Trial;

        Assert.Equal([8.0, 0], trial); // −2·(−4), of coordinate 0 alone
    }

    /// <summary>H₀ = [[own, shared], [shared, own]].</summary>
    sealed class CoupledCurvature(double own, double shared) : IStartingCurvature
    {
        public double Square(float[] vector) =>
            own * (vector[0] * vector[0] + vector[1] * vector[1]) + 2 * shared * vector[0] * vector[1];

        public void Solve(double[] vector, bool[] free)
        {
            var (a, b) = (vector[0], vector[1]);
            var (isFirst, isSecond) = (free.Length == 0 || free[0], free.Length == 0 || free[1]);
            vector[0] = isFirst ? own * a + (isSecond ? shared * b : 0) : 0;
            vector[1] = isSecond ? own * b + (isFirst ? shared * a : 0) : 0;
        }
    }

    [Fact]
    public void A_correlated_function_of_condition_1e4_is_minimised_as_by_coordinate_descent()
    {
        // ½x'Ax − c'x + λ‖x‖₁ with A = I·1e-2 + 1·1' times a trend.
        const int Size = 6;
        double A(int i, int j) => (i == j ? 0.01 : 0) + (1 + i) * (1 + j) / 4.0 + (i == j ? i : 0);
        double[] c = [3, -2, 4, 0.1, -6, 5];
        double[] GradientAt(double[] x) =>
            [.. Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, Size).Sum(j => A(i, j) * x[j]) - c[i])];
        (double, double[]) Function(double[] x)
        {
            var gradient = GradientAt(x);
            return (x.Select((xi, i) => xi * (gradient[i] - c[i]) / 2 + Lambda * Math.Abs(xi)).Sum(), gradient);
        }
        var expected = new double[Size];
        for (var sweep = 0; sweep < 20_000; sweep++)
        {
            for (var i = 0; i < Size; i++)
            {
                var free = expected[i] * A(i, i) - GradientAt(expected)[i];
                expected[i] = Math.CopySign(Math.Max(0, Math.Abs(free) - Lambda), free) / A(i, i);
            }
        }

        var run = Minimization.Of(From("owlqn", new double[Size], Lambdas(Size)), Function, tolerance: 1e-6);

        Assert.All(run.Point.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        Assert.Equal(expected.Select(x => x == 0), run.Point.Select(x => x == 0));
        Assert.InRange(run.Evaluations, 2, 60);
        Assert.All(run.Steps.Zip(run.Steps.Skip(1)), pair => Assert.True(pair.Second.Objective <= pair.First.Objective + 1e-6));
    }

    [Fact]
    public void Gradient_descent_begins_with_one_over_the_gradients_length_and_doubles_what_was_good()
    {
        IOptimizer optimizer = From("gd", [0, 0], []);
        (double, double[]) Function(double[] x) => (100 - 3 * x[0] - 4 * x[1], [-3, -4]);

        foreach (var expected in (double[])[0, 1, 3, 7]) // lengths of steps 1, 2, 4 in units of the unit gradient
        {
            Assert.Equal(expected, Math.Sqrt(optimizer.Trial[0] * optimizer.Trial[0] + optimizer.Trial[1] * optimizer.Trial[1]), 1e-5);
            var (value, gradient) = Function(optimizer.Trial);
            optimizer = optimizer.Tell(value, gradient).Optimizer;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_point_asked_about_holds_float32_numbers(string kind)
    {
        IOptimizer optimizer = From(kind, [0.1, 1 / 3.0], Lambdas(2));
        var function = Squares([3, 50], [0.7, -0.3]);
        for (var i = 0; i < 10; i++)
        {
            Assert.All(optimizer.Trial, x => Assert.Equal((float)x, x));
            var (value, gradient) = function(optimizer.Trial);
            optimizer = optimizer.Tell(value, gradient).Optimizer;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void An_old_state_told_again_gives_the_same_answers(string kind)
    {
        Minimization.AssertOldStatesAnswerAgain(
            From(kind, [1, 1, 1], Lambdas(3)), Squares([1, 30, 4], [3, -2, 0.01]), evaluations: 12);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Letting_go_of_what_is_not_needed_changes_no_bit(string kind) => Minimization.AssertLettingGoChangesNothing(
        From(kind, LongFunctions.Start, LongFunctions.Filled(1e-6)), LongFunctions.Rosenbrock, evaluations: 40);

    [Theory, MemberData(nameof(Kinds))]
    public void A_starting_point_that_is_not_finite_is_divergence(string kind)
    {
        Assert.Equal("DT6001", Assert.Throws<DistTrainException>(() => From(kind, [1], [1]).Tell(double.NaN, [])).Problem.Code);
        Assert.Equal("DT6001", Assert.Throws<DistTrainException>(() => From(kind, [0], [1]).Tell(1, [double.NaN])).Problem.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_trial_that_is_not_finite_only_shortens_the_step(string kind)
    {
        // −log x − log(1−x) has no value outside (0, 1), where the first full step leads.
        (double, double[]) Barrier(double[] x) => x[0] is > 0 and < 1
            ? (-Math.Log(x[0]) - Math.Log(1 - x[0]), [-1 / x[0] + 1 / (1 - x[0])])
            : (double.PositiveInfinity, []);

        var run = Minimization.Of(From(kind, [0.01], []), Barrier, tolerance: 1e-4);

        Assert.Equal(0.5, run.Point[0], 1e-4);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_start_at_the_optimum_is_exhausted_at_once(string kind)
    {
        var answer = From(kind, [0, 0], Lambdas(2)).Tell(1, [0.5, -0.25]);

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
        var function = Squares([1, 2, 3, 4, 5, 6], [2, -2, 0.1, 3, 0.05, -1]);
        (double, double[]) Noisy(double[] x)
        {
            var (value, gradient) = function(x);
            return ((value + 10) * (1 + Noise * random.NextGaussian()), [.. gradient.Select(slope => slope + Noise * random.NextGaussian())]);
        }

        var run = Minimization.Of(From("owlqn", new double[6], Lambdas(6)), Noisy);

        Assert.True(run.Exhausted, $"seed {seed}");
        Assert.InRange(run.Evaluations, 1, 150);
        double[] expected = [1.5, -1.75, 0, 2.875, 0, -1 + 0.5 / 6];
        Assert.All(run.Point.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }
}

using DistTrain.Learning.Optimizers;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

/// <summary>An optimiser driven on a plain function until it is exhausted, flat enough, or has asked often enough.</summary>
sealed record Minimization(IOptimizer Optimizer, List<OptimizerStep> Steps, int Evaluations, bool Exhausted)
{
    public double[] Point => Optimizer.Point;

    public static Minimization Of(
        IOptimizer optimizer, Func<double[], (double Value, double[] Gradient)> function, double tolerance = 0, int evaluationsMax = 500)
    {
        var steps = new List<OptimizerStep>();
        for (var evaluations = 1; evaluations <= evaluationsMax; evaluations++)
        {
            var (value, gradient) = function(optimizer.Trial);
            var answer = optimizer.Tell(value, gradient);
            if (answer.Step is { } step) steps.Add(step);
            optimizer = answer.Optimizer;
            if (answer.Exhausted || answer.Step?.GradientMax <= tolerance) return new(optimizer, steps, evaluations, answer.Exhausted);
        }
        return new(optimizer, steps, evaluationsMax, false);
    }

    /// <summary>
    /// States that let go of what their successors do not need lead to the same ones, to the bit, and the one of the last step can be saved
    /// until the next step.
    /// </summary>
    public static void AssertLettingGoChangesNothing(
        IOptimizer start, Func<double[], (double Value, double[] Gradient)> function, int evaluations)
    {
        var (kept, sparing, atStep, trialCount) = (start, start, start, 0);
        for (var i = 0; i < evaluations; i++)
        {
            var (value, gradient) = function(kept.Trial);
            var (next, step, _) = kept.Tell(value, gradient);
            var successor = sparing.Tell(value, [.. gradient]).Optimizer;
            sparing.LetGo(successor);
            (kept, sparing) = (next, successor);
            if (step is not null) atStep = sparing;
            else trialCount++;
            Assert.Equal(kept.Trial, sparing.Trial);
            Assert.Equal(BytesOf(kept), BytesOf(atStep));
        }
        Assert.InRange(trialCount, 1, evaluations - 10);

        static byte[] BytesOf(IOptimizer state) => Saved.Of(state.Save).ToArray();
    }

    /// <summary>A state is a value: told again, after all that followed, it leads to the same next one.</summary>
    public static void AssertOldStatesAnswerAgain(
        IOptimizer start, Func<double[], (double Value, double[] Gradient)> function, int evaluations)
    {
        IOptimizer Next(IOptimizer state)
        {
            var (value, gradient) = function(state.Trial);
            return state.Tell(value, gradient).Optimizer;
        }

        var states = new List<IOptimizer> { start };
        for (var i = 0; i < evaluations; i++) states.Add(Next(states[^1]));

        for (var i = evaluations - 1; i >= 0; i--)
        {
            var again = Next(states[i]);
            Assert.Equal(states[i + 1].Trial, again.Trial);
            Assert.Equal(states[i + 1].Point, again.Point);
        }
    }
}

/// <summary>A diagonal estimate.</summary>
sealed class DiagonalCurvature(params double[] diagonal) : IStartingCurvature
{
    public void Solve(double[] vector, bool[] free)
    {
        for (var i = 0; i < vector.Length; i++) vector[i] = free.Length == 0 || free[i] ? vector[i] / diagonal[i] : 0;
    }

    public double Square(float[] vector) => vector.Select((x, i) => (double)x * x / diagonal[i]).Sum();
}

/// <summary>Functions of vectors so long that their memory is used again.</summary>
static class LongFunctions
{
    const int Length = 1 << 15;

    public static double[] Start { get; } = [.. Enumerable.Range(0, Length).Select(i => -1.2 + 1.5 * (i % 101) / 100)];

    public static double[] Filled(double number) => [.. Enumerable.Repeat(number, Length)];

    /// <summary>The mean of Rosenbrock's valleys, one for each two coordinates.</summary>
    public static (double Value, double[] Gradient) Rosenbrock(double[] x)
    {
        var (value, gradient) = (0.0, new double[Length]);
        for (var i = 0; i < Length; i += 2)
        {
            var (across, along) = (x[i + 1] - x[i] * x[i], 1 - x[i]);
            value += (100 * across * across + along * along) / Length;
            gradient[i] = (-400 * across * x[i] - 2 * along) / Length;
            gradient[i + 1] = 200 * across / Length;
        }
        return (value, gradient);
    }
}

using DistTrain.Learning.Optimizers;

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

using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>Minibatch descent: every evaluation is of the point where it stands, and each makes one step by a chain of transforms.</summary>
public sealed class StochasticDescent : IOptimizer
{
    readonly IUpdateTransform _transform;

    /// <param name="start">Copied, rounded to float32.</param>
    public StochasticDescent(double[] start, IUpdateTransform transform) => (Point, _transform) = (Vectors.Rounded(start), transform);

    public double[] Point { get; }

    public double[] Trial => Point;

    public OptimizerAnswer Tell(double objective, double[] gradient)
    {
        var updates = gradient.AsSpan().ToArray();
        var transform = _transform.Apply(Point, updates);
        Vectors.AddScaled(Point, 1, updates);
        return new(new StochasticDescent(updates, transform), new OptimizerStep(objective, GradientMax: null));
    }

    public void Save(StateWriter state)
    {
        state.Tag("stochasticDescent");
        state.Write(Point);
        _transform.Save(state);
    }

    public IOptimizer Restore(StateReader saved)
    {
        saved.Expect("stochasticDescent");
        return new StochasticDescent(saved.ReadDoubles(Point.Length), _transform.Restore(saved));
    }
}

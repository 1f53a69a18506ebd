using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>
/// Minimises a function of a flat vector by asking and being told. A value: <see cref="Tell"/> leaves it as it was, arrays are never
/// written once a value holds them (but see <see cref="LetGo"/>), and equal values told equal numbers give equal answers.
/// </summary>
/// <remarks>
/// Every point asked about or moved to holds float32 numbers (as doubles), so that what is evaluated in float arithmetic is the very
/// point at which the penalty is taken and from which the next step is made.
/// </remarks>
public interface IOptimizer
{
    /// <summary>Where it stands: the last point moved to, at first the starting point.</summary>
    double[] Point { get; }

    /// <summary>The point whose objective and gradient it wants to be told next.</summary>
    double[] Trial { get; }

    /// <summary>The state after learning the objective and the gradient at <see cref="Trial"/>.</summary>
    /// <param name="objective">
    /// Infinite or NaN is fit for optimisers with a line search alone: that trial is too far, and <paramref name="gradient"/> is ignored.
    /// </param>
    /// <param name="gradient">As long as the point; handed over, not to be written afterwards.</param>
    /// <exception cref="Problems.DistTrainException">DT6001: not finite at the starting point, where no shorter step can help.</exception>
    OptimizerAnswer Tell(double objective, double[] gradient);

    /// <summary>
    /// Gives away the memory of what this value holds and <paramref name="successor"/>, told from it, does not: neither this value nor any before it
    /// is told anything any more. What <see cref="Save"/> reads stays until <paramref name="successor"/> has moved.
    /// </summary>
    void LetGo(IOptimizer successor);

    /// <summary>
    /// Writes all that <see cref="Restore"/> needs to go on from the last point moved to; a search for the next one is begun anew then.
    /// </summary>
    void Save(StateWriter state);

    /// <summary>The optimiser as it was saved. This value is one that was made with the same arguments; it stays as it was.</summary>
    /// <exception cref="InvalidDataException">What is read is not the state of such an optimiser.</exception>
    IOptimizer Restore(StateReader saved);
}

/// <summary>What an optimiser says.</summary>
/// <param name="Optimizer">The optimiser to tell the next evaluation.</param>
/// <param name="Step">The point it moved to by this evaluation (or began at), if it did.</param>
/// <param name="Exhausted">True where the numbers it is told can resolve no further progress: it stays at its point.</param>
public sealed record OptimizerAnswer(IOptimizer Optimizer, OptimizerStep? Step, bool Exhausted = false);

/// <summary>A point moved to, or the starting point.</summary>
/// <param name="Objective">The objective there.</param>
/// <param name="GradientMax">max |gradient| / yardstick there.</param>
public sealed record OptimizerStep(double Objective, double GradientMax);

using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>An estimate of the Hessian that is easy to invert, from which a quasi-Newton method starts. Pure.</summary>
public interface IStartingCurvature
{
    /// <summary>Replaces g by H₀g, H₀ the estimate's inverse (or pseudo-inverse): symmetric, positive semidefinite.</summary>
    /// <param name="free">False for the coordinates that do not move: g is 0 there, and so is H₀g. Empty: all move.</param>
    void Solve(double[] vector, bool[] free);

    /// <summary>y·H₀y.</summary>
    double Square(float[] vector);

    /// <summary>The estimate for steps from a point that training came to; this one where it is the same everywhere.</summary>
    /// <param name="objective">F there, finite.</param>
    IStartingCurvature At(double[] point, double objective) => this;

    /// <summary>What <see cref="At"/> made of it.</summary>
    void Save(StateWriter state)
    {
    }

    /// <summary>The estimate that was saved, of the same problem.</summary>
    IStartingCurvature Restore(StateReader saved) => this;
}

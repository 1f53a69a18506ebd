namespace DistTrain.Learning.Optimizers;

/// <summary>An estimate of the Hessian that is easy to invert, from which a quasi-Newton method starts. Pure.</summary>
public interface IStartingCurvature
{
    /// <summary>Replaces g by H₀g, H₀ the estimate's inverse (or pseudo-inverse): symmetric, positive semidefinite.</summary>
    void Solve(Span<double> vector);
}

using DistTrain.Data.Storage;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Learning;

/// <summary>The softmax objective's curvature at its starting point, W = 0 and b = log π, columns taken one by one.</summary>
/// <remarks>
/// There the Hessian's block of column d is (diag π − ππᵀ)·m_d + λ₂I over the classes, m_d = (1/S)Σ wᵢxᵢd² (1 for the intercept). Its
/// diagonal is π_k(1−π_k)·m_d + λ₂. The block without λ₂ has the pseudo-inverse P·diag(1/π)·P / m_d, where P subtracts the mean over the
/// classes; so H₀ = P·diag(1/(π_k·m_d + λ₂))·P. Gradients sum to 0 over the classes, and with P so do steps: iterates never enter
/// the directions that change no probability, along which only λ₂ is left of the curvature.
/// </remarks>
public sealed class SoftmaxCurvature(DatasetManifest manifest, double l2) : IStartingCurvature
{
    public void Solve(Span<double> vector)
    {
        var (classCount, featureCount) = (manifest.ClassCount, manifest.FeatureCount);
        for (var d = 0; d < featureCount; d++)
            Solve(vector, d, featureCount, manifest.SquareSums[d] / manifest.WeightSum, l2);
        Solve(vector[(classCount * featureCount)..], 0, 1, 1, 0);
    }

    /// <summary>One column: the entries first, first + stride, … of the classes.</summary>
    void Solve(Span<double> vector, int first, int stride, double meanSquare, double penalty)
    {
        Centering.AcrossClasses(vector, first, stride, manifest.ClassCount);
        for (var k = 0; k < manifest.ClassCount; k++)
        {
            var curvature = manifest.ClassWeights[k] / manifest.WeightSum * meanSquare + penalty;
            vector[first + k * stride] /= curvature > 0 ? curvature : 1; // A column of zeros without penalty has no gradient either.
        }
        Centering.AcrossClasses(vector, first, stride, manifest.ClassCount);
    }
}

using System.Runtime.CompilerServices;
using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// The softmax objective's curvature at its starting point, W = 0 and b = log π, columns taken as uncorrelated; π the targets' means.
/// </summary>
/// <remarks>
/// There the Hessian's block of column d is (diag π − ππᵀ)·m_d + λ₂,d·I over the classes, m_d = (1/S)Σ vᵢxᵢd², with the diagonal
/// π_k(1−π_k)·m_d + λ₂,d. Two things make H₀ better than the inverse of that diagonal, at the same price:
///   over the classes   the block without λ₂ has the pseudo-inverse P·diag(1/π)·P / m_d, P subtracting the mean over the classes, so
///                      H₀ takes P·diag(1/(π_k·v_d + λ₂,d))·P. Gradients sum to 0 over the classes, and with P so do steps: iterates
///                      keep out of the directions that change no probability, along which λ₂ alone is curvature.
///   over the columns   the intercept takes part in every column with mean μ_d ≠ 0 (one-hot ones). With b̃ = b + Wμ for b it does
///                      not: that is the change of variables Tᵀ·…·T here, and v_d = m_d − μ_d² is the column's variance.
/// Measured in docs/decisions/0003-starting-curvature.md.
///
/// Where λ₁,d is above 0 the weights need not sum to 0, and some of a column's may be held at 0: the block of the free classes is inverted
/// itself, by Sherman and Morrison's formula (docs/decisions/0010-owlqn-in-free-coordinates.md). Weights of constant columns do not move.
/// </remarks>
public sealed class SoftmaxCurvature : IStartingCurvature
{
    /// <summary>
    /// Least part of a block's curvature that is left along a common shift of its classes: 0 where all are free and λ₂,d = 0.
    /// </summary>
    const double ShiftCurvatureMin = 0.01;

    /// <summary>Columns that one thread takes at a time.</summary>
    const int PieceColumns = 1 << 14;

    readonly Penalty _penalty;
    readonly IParallelFor _parallel;
    readonly int _classCount;
    readonly int _featureCount;
    readonly double[] _priors;
    readonly double[] _means;
    readonly double[] _variances;

    /// <param name="parallel">Null: all on one thread.</param>
    public SoftmaxCurvature(TrainingStatistics statistics, Penalty penalty, IParallelFor? parallel = null)
    {
        (_penalty, _parallel) = (penalty, parallel ?? SerialFor.Instance);
        (_classCount, _featureCount) = (statistics.ClassCount, statistics.FeatureCount);
        _priors = [.. statistics.TargetWeights.Select(weight => weight / statistics.WeightSum)];
        (_means, _variances) = (new double[_featureCount], new double[_featureCount]);
        for (var d = 0; d < _featureCount; d++)
        {
            _means[d] = statistics.Sums[d] / statistics.WeightSum;
            _variances[d] = Math.Max(0, statistics.SquareSums[d] / statistics.WeightSum - _means[d] * _means[d]);
        }
    }

    /// <param name="vector">[K, D] then [K], as <see cref="Parameters.Values"/>.</param>
    public void Solve(double[] vector, bool[] free)
    {
        var pieces = Pieces();
        _parallel.Run(pieces.Length, i => pieces[i] = SolveColumns(vector, free, i, isKept: true));
        SolveIntercepts(vector, pieces).CopyTo(vector, _classCount * _featureCount);
    }

    /// <inheritdoc/>
    public double Square(double[] vector)
    {
        var pieces = Pieces();
        _parallel.Run(pieces.Length, i => pieces[i] = SolveColumns(vector, [], i, isKept: false));
        var square = Vectors.Dot(vector.AsSpan(_classCount * _featureCount), SolveIntercepts(vector, pieces));
        foreach (var piece in pieces) square += piece.Square;
        return square;
    }

    /// <summary>What the columns of a piece leave to do: Σ mean · solved for each class, and g·H₀g.</summary>
    sealed record Piece(double[] Shifts, double Square);

    Piece[] Pieces() => new Piece[(_featureCount + PieceColumns - 1) / PieceColumns];

    /// <param name="isKept">Whether the columns are replaced by H₀g's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    Piece SolveColumns(double[] vector, bool[] free, int piece, bool isKept)
    {
        ReadOnlySpan<double> intercepts = vector.AsSpan(_classCount * _featureCount);
        var (shifts, square) = (new double[_classCount], 0.0);
        Span<double> column = new double[_classCount];
        for (var d = piece * PieceColumns; d < Math.Min((piece + 1) * PieceColumns, _featureCount); d++)
        {
            var mean = _means[d];
            for (var k = 0; k < column.Length; k++) column[k] = vector[k * _featureCount + d] - mean * intercepts[k];
            SolveColumn(column, d, free);
            for (var k = 0; k < column.Length; k++)
            {
                shifts[k] += mean * column[k];
                if (isKept) vector[k * _featureCount + d] = column[k];
                else square += vector[k * _featureCount + d] * column[k];
            }
        }
        return new Piece(shifts, square);
    }

    /// <summary>The intercepts of H₀g, in a new array.</summary>
    double[] SolveIntercepts(double[] vector, Piece[] pieces)
    {
        var intercepts = vector[(_classCount * _featureCount)..];
        SolveShared(intercepts, 1, 0);
        for (var k = 0; k < _classCount; k++)
        {
            var shift = 0.0;
            foreach (var piece in pieces) shift += piece.Shifts[k];
            intercepts[k] -= shift;
        }
        return intercepts;
    }

    /// <param name="column">The column's entries, one per class; held ones become 0.</param>
    void SolveColumn(Span<double> column, int d, bool[] free)
    {
        if (_penalty.IsConstant(d)) column.Clear();
        else if (_penalty.L1[d] == 0) SolveShared(column, _variances[d], _penalty.L2[d]);
        else SolveFree(column, d, _variances[d], free);
    }

    /// <summary>P·diag(1/(π·v + λ))·P.</summary>
    void SolveShared(Span<double> column, double variance, double l2)
    {
        Centering.AcrossClasses(column, 0, 1, column.Length);
        for (var k = 0; k < column.Length; k++) column[k] /= _priors[k] * variance + l2;
        Centering.AcrossClasses(column, 0, 1, column.Length);
    }

    /// <summary>(diag(π·v + λ) − v·ππᵀ)⁻¹ over the free classes, 0 for the others.</summary>
    void SolveFree(Span<double> column, int d, double variance, bool[] free)
    {
        var (along, left) = (0.0, 1.0); // πᵀa⁻¹g and 1 − v·πᵀa⁻¹π, with a = π·v + λ
        for (var k = 0; k < column.Length; k++)
        {
            if (free.Length > 0 && !free[k * _featureCount + d])
            {
                column[k] = 0;
                continue;
            }
            var prior = _priors[k];
            var curvature = prior * variance + _penalty.L2[d];
            column[k] /= curvature;
            along += prior * column[k];
            left -= variance * prior * prior / curvature;
        }
        var shared = variance * along / Math.Max(left, ShiftCurvatureMin);
        for (var k = 0; k < column.Length; k++)
        {
            if (free.Length > 0 && !free[k * _featureCount + d]) continue;
            var prior = _priors[k];
            column[k] += shared * prior / (prior * variance + _penalty.L2[d]);
        }
    }
}

using DistTrain.Formats.State;
using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// The softmax objective's curvature at its starting point, W = 0 and b = log π, columns taken as uncorrelated; π the targets' means. At other
/// points a share of it.
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
/// As rows are decided, Σₖ pₖ(1 − pₖ) shrinks, and with it the data's part of the curvature, while the penalty's stays. It is taken to have
/// shrunk as much as the mean loss, that is about the mean entropy, has: v_d becomes share·v_d, share = loss / loss at the starting point
/// (docs/decisions/0033-curvature-shrinks-with-the-loss.md).
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

    /// <summary>Least share, so that what has no penalty keeps a curvature.</summary>
    const double ShareMin = 1e-3;

    /// <summary>Columns that one thread takes at a time.</summary>
    const int PieceColumns = 1 << 12;

    readonly Penalty _penalty;
    readonly IParallelFor _parallel;
    readonly int _classCount;
    readonly int _featureCount;
    readonly double[] _priors;
    readonly double[] _means;
    readonly double[] _variances;
    readonly double _priorLoss;
    readonly double _share = 1;

    /// <param name="parallel">Null: all on one thread.</param>
    public SoftmaxCurvature(TrainingStatistics statistics, Penalty penalty, IParallelFor? parallel = null)
    {
        (_penalty, _parallel) = (penalty, parallel ?? SerialFor.Instance);
        (_classCount, _featureCount) = (statistics.ClassCount, statistics.FeatureCount);
        _priorLoss = statistics.PriorLoss;
        _priors = [.. statistics.TargetWeights.Select(weight => weight / statistics.WeightSum)];
        (_means, _variances) = (new double[_featureCount], new double[_featureCount]);
        for (var d = 0; d < _featureCount; d++)
        {
            _means[d] = statistics.Sums[d] / statistics.WeightSum;
            _variances[d] = Math.Max(0, statistics.SquareSums[d] / statistics.WeightSum - _means[d] * _means[d]);
        }
    }

    SoftmaxCurvature(SoftmaxCurvature other, double share)
    {
        (_penalty, _parallel, _classCount, _featureCount) = (other._penalty, other._parallel, other._classCount, other._featureCount);
        (_priors, _means, _variances, _priorLoss) = (other._priors, other._means, other._variances, other._priorLoss);
        _share = share;
    }

    /// <inheritdoc/>
    /// <param name="objective">F with all its terms.</param>
    public IStartingCurvature At(double[] point, double objective)
    {
        var weights = point.AsMemory(0, _classCount * _featureCount);
        var parts = new double[Pieces().Length];
        _parallel.Run(parts.Length, piece => parts[piece] = _penalty.Of(weights.Span, FirstOf(piece)..EndOf(piece)));
        var loss = objective;
        foreach (var part in parts) loss -= part;
        return new SoftmaxCurvature(this, Math.Clamp(loss / _priorLoss, ShareMin, 1));
    }

    public void Save(StateWriter state) => state.Write(_share);

    public IStartingCurvature Restore(StateReader saved) => saved.ReadDouble() is >= ShareMin and <= 1 and var share
        ? new SoftmaxCurvature(this, share)
        : throw new InvalidDataException("the state holds a share of the curvature that is none");

    /// <param name="vector">[K, D] then [K], as <see cref="Parameters.Values"/>.</param>
    public void Solve(double[] vector, bool[] free)
    {
        var intercepts = vector[(_classCount * _featureCount)..];
        var pieces = Pieces();
        _parallel.Run(pieces.Length, piece =>
        {
            var tile = new SoftmaxColumns(_classCount, _priors);
            for (var d = FirstOf(piece); d < EndOf(piece); d += tile.Count)
            {
                Open(tile, d, piece);
                tile.Take(vector, d, _featureCount, intercepts);
                SolveTile(tile, d, free);
                tile.AddShifts();
                tile.Give(vector, d, _featureCount);
            }
            pieces[piece] = new Piece(tile.Shifts(), 0);
        });
        SolveIntercepts(intercepts, pieces);
        intercepts.CopyTo(vector, _classCount * _featureCount);
    }

    /// <inheritdoc/>
    public double Square(float[] vector)
    {
        double[] intercepts = [.. vector.Skip(_classCount * _featureCount).Select(entry => (double)entry)], solved = [.. intercepts];
        var pieces = Pieces();
        _parallel.Run(pieces.Length, piece =>
        {
            var tile = new SoftmaxColumns(_classCount, _priors);
            for (var d = FirstOf(piece); d < EndOf(piece); d += tile.Count)
            {
                Open(tile, d, piece);
                tile.Take(vector, d, _featureCount, intercepts);
                SolveTile(tile, d, []);
                tile.AddShifts();
                tile.AddProducts(vector, d, _featureCount);
            }
            pieces[piece] = new Piece(tile.Shifts(), tile.Product());
        });
        SolveIntercepts(solved, pieces);
        var square = Vectors.Dot(intercepts, solved);
        foreach (var piece in pieces) square += piece.Square;
        return square;
    }

    /// <summary>What the columns of a piece leave to do: Σ mean · solved for each class, and g·H₀g.</summary>
    sealed record Piece(double[] Shifts, double Square);

    Piece[] Pieces() => new Piece[(_featureCount + PieceColumns - 1) / PieceColumns];

    static int FirstOf(int piece) => piece * PieceColumns;

    int EndOf(int piece) => Math.Min((piece + 1) * PieceColumns, _featureCount);

    void Open(SoftmaxColumns tile, int first, int piece)
    {
        var columns = first..Math.Min(first + SoftmaxColumns.CountMax, EndOf(piece));
        tile.Open(_means.AsSpan(columns), _variances.AsSpan(columns), _penalty.L2.AsSpan(columns), _share);
    }

    /// <summary>Columns without λ₁ all at once; where there are others among them, one by one.</summary>
    void SolveTile(SoftmaxColumns tile, int first, bool[] free)
    {
        if (IsShared(first, tile.Count))
        {
            tile.SolveShared();
            return;
        }
        Span<double> column = stackalloc double[_classCount];
        for (var i = 0; i < tile.Count; i++)
        {
            tile.Read(i, column);
            SolveColumn(column, first + i, free);
            tile.Write(i, column);
        }
    }

    bool IsShared(int first, int count)
    {
        for (var d = first; d < first + count; d++)
        {
            if (_penalty.IsConstant(d) || _penalty.L1[d] != 0) return false;
        }
        return true;
    }

    /// <summary>Replaces the intercepts by those of H₀g.</summary>
    void SolveIntercepts(double[] intercepts, Piece[] pieces)
    {
        SolveShared(intercepts, _share, 0);
        for (var k = 0; k < _classCount; k++)
        {
            var shift = 0.0;
            foreach (var piece in pieces) shift += piece.Shifts[k];
            intercepts[k] -= shift;
        }
    }

    /// <param name="column">The column's entries, one per class; held ones become 0.</param>
    void SolveColumn(Span<double> column, int d, bool[] free)
    {
        if (_penalty.IsConstant(d)) column.Clear();
        else if (_penalty.L1[d] == 0) SolveShared(column, _share * _variances[d], _penalty.L2[d]);
        else SolveFree(column, d, _share * _variances[d], free);
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

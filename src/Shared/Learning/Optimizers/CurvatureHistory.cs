using System.Collections.Immutable;
using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>What the last steps tell about the curvature: L-BFGS's estimate of the inverse Hessian, as a value.</summary>
/// <remarks>
/// Liu and Nocedal, "On the limited memory BFGS method" (1989), with m = 10, or 5 of vectors so
/// long that pairs are most of the memory. The starting matrix is γ·H₀, H₀ the inverse
/// of the estimated curvature at the newest pair's end (<see cref="IStartingCurvature.At"/>) and γ = s·y / y·H₀y of that pair, so that both
/// the columns' scales and the curvature met on the way count.
///
/// Steps and changes are kept in float32, half the memory and half the way through it. What is rounded is a difference of float32 points, or
/// one of gradients whose own noise is larger; products are taken of the rounded numbers, so that the estimate is a symmetric positive
/// matrix as ever (docs/decisions/0030-curvature-pairs-in-float32.md).
/// </remarks>
sealed class CurvatureHistory
{
    /// <summary>Vectors up to this length keep ten pairs, longer ones five: 40 MB for a million numbers.</summary>
    const int ManyPairsLength = 1 << 19;

    /// <summary>
    /// Least s·y / Σ|sᵢyᵢ|: below it the curvature along s is noise. Coordinate by coordinate, so columns' scales do not matter.
    /// </summary>
    const double ProductMin = 1e-8;

    readonly IStartingCurvature _start;
    readonly LongVectors _vectors;
    readonly ImmutableArray<Pair> _pairs;
    readonly double _scale;

    CurvatureHistory(IStartingCurvature start, LongVectors vectors, ImmutableArray<Pair> pairs, double scale) =>
        (_start, _vectors, _pairs, _scale) = (start, vectors, pairs, scale);

    /// <summary>One step s, the gradient's change y along it, and 1 / s·y.</summary>
    sealed record Pair(float[] Step, float[] GradientChange, double Rho);

    public bool IsEmpty => _pairs.IsEmpty;

    public static CurvatureHistory From(IStartingCurvature start, LongVectors? vectors = null) =>
        new(start, vectors ?? LongVectors.Serial, [], 1);

    /// <summary>Only the starting curvature, as it is estimated now.</summary>
    public CurvatureHistory Forget() => From(_start, _vectors);

    /// <summary>The history with one more step, if curvature along it is positive beyond noise; the oldest makes room.</summary>
    /// <param name="objective">F at the point stepped to.</param>
    /// <param name="gradientThere">∇F there.</param>
    /// <param name="gradientBefore">At the point before.</param>
    public CurvatureHistory With(
        double[] point, double[] pointBefore, double objective, double[] gradientThere, double[] gradientBefore)
    {
        var (step, gradientChange) = (_vectors.NarrowDifference(point, pointBefore), _vectors.NarrowDifference(gradientThere, gradientBefore));
        var (product, size) = _vectors.DotAndSize(step, gradientChange);
        if (!(product > ProductMin * size)) return this;

        var start = _start.At(point, objective);
        var changeSquare = start.Square(gradientChange);
        if (!(changeSquare > 0)) return this;

        var kept = _pairs.Length < PairsMax(step.Length) ? _pairs : _pairs.RemoveAt(0);
        return new(start, _vectors, kept.Add(new Pair(step, gradientChange, 1 / product)), product / changeSquare);
    }

    /// <summary>Gives away the pairs that <paramref name="successor"/> no longer has.</summary>
    public void LetGo(CurvatureHistory successor)
    {
        foreach (var pair in _pairs)
        {
            if (successor._pairs.Contains(pair)) continue;
            SpareNumbers.Give(pair.Step);
            SpareNumbers.Give(pair.GradientChange);
        }
    }

    public void Save(StateWriter state)
    {
        state.Tag("curvature");
        _start.Save(state);
        state.Write(_scale);
        state.Write(_pairs.Length);
        foreach (var pair in _pairs)
        {
            state.Write(pair.Step);
            state.Write(pair.GradientChange);
            state.Write(pair.Rho);
        }
    }

    /// <summary>What was saved, of vectors of <paramref name="length"/> numbers.</summary>
    public CurvatureHistory Restore(StateReader saved, int length)
    {
        saved.Expect("curvature");
        var start = _start.Restore(saved);
        var (scale, count) = (saved.ReadDouble(), saved.ReadInt32());
        if (count < 0 || count > PairsMax(length))
            throw new InvalidDataException($"the state holds {count} curvature pairs, at most {PairsMax(length)} are kept");

        var pairs = ImmutableArray.CreateBuilder<Pair>(count);
        for (var i = 0; i < count; i++) pairs.Add(new Pair(saved.ReadSingles(length), saved.ReadSingles(length), saved.ReadDouble()));
        return new(start, _vectors, pairs.MoveToImmutable(), scale);
    }

    /// <summary>−H·gradient by the two-loop recursion: a descent direction, in a new array.</summary>
    /// <param name="free">
    /// Where some coordinates are not to move: false for those. The direction is then that of the function of the others alone, steps and
    /// gradients' changes cut down to them, as long as curvature along the step is left. Empty: all move.
    /// </param>
    public double[] Direction(double[] gradient, bool[]? free = null)
    {
        free ??= [];
        var direction = SpareNumbers.TakeAny<double>(gradient.Length);
        _vectors.Scale(gradient, -1, direction, free);
        if (_pairs.IsEmpty)
        {
            _start.Solve(direction, free);
            return direction;
        }

        var rhos = _pairs.Select(pair => free.Length == 0 ? pair.Rho : RhoWithin(pair, free)).ToArray();
        var alphas = new double[_pairs.Length];
        var along = _vectors.Dot(_pairs[^1].Step, direction);
        for (var j = _pairs.Length - 1; j >= 0; j--)
        {
            alphas[j] = rhos[j] * along;
            along = _vectors.AddScaledAndDot(_pairs[j].GradientChange, -alphas[j], direction, _pairs[Math.Max(j - 1, 0)].Step, free);
        }
        _start.Solve(direction, free);
        _vectors.Scale(direction, _scale, direction, free);
        along = _vectors.Dot(_pairs[0].GradientChange, direction);
        for (var j = 0; j < _pairs.Length; j++)
        {
            var next = _pairs[Math.Min(j + 1, _pairs.Length - 1)].GradientChange;
            along = _vectors.AddScaledAndDot(_pairs[j].Step, alphas[j] - rhos[j] * along, direction, next, free);
        }
        return direction;
    }

    /// <summary>Pairs kept of vectors of <paramref name="length"/> numbers.</summary>
    public static int PairsMax(long length) => length <= ManyPairsLength ? 10 : 5;

    /// <summary>1 / s·y over the free coordinates; 0, which leaves the pair out, where no curvature is left there.</summary>
    double RhoWithin(Pair pair, bool[] free)
    {
        var (product, size) = _vectors.DotAndSize(pair.Step, pair.GradientChange, free);
        return product > ProductMin * size ? 1 / product : 0;
    }
}

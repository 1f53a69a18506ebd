using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>
/// Minimises f(x) + Σ λᵢ|xᵢ|, f smooth and convex, by steps that stay within one orthant, where the whole is smooth: OWL-QN with a
/// memory of curvature, gradient descent without.
/// </summary>
/// <remarks>
/// Andrew and Gao, "Scalable training of L1-regularized log-linear models" (2007). From a point, the orthant is that of its signs, and of
/// the steepest descent where it is 0. Coordinates at 0 that the slopes hold there do not move. A trial is a point on the way along the
/// direction, coordinates that would change their sign staying at 0: so zeros are exact. The search looks at F with all its terms.
///
/// Unlike theirs, the direction is that of the moving coordinates alone (<see cref="CurvatureHistory.Direction"/>), and where it would move
/// some at 0 uphill, these are held too and it is taken anew. Coordinates that are not 0 have a two-sided slope and may go uphill, as in
/// any quasi-Newton step: dropping only what goes uphill keeps it a descent direction (docs/decisions/0010-owlqn-in-free-coordinates.md).
/// </remarks>
public sealed record OrthantDescent : IOptimizer
{
    /// <summary>Error of an objective summed from float blocks, relative to its size.</summary>
    const double ObjectiveNoise = 1e-6;

    /// <summary>Most directions that are tried for one step; a last one's uphill part is dropped as it is.</summary>
    const int DirectionsMax = 10;

    readonly double[] _l1;
    readonly double[] _yardstick;
    readonly LongVectors _vectors;

    /// <param name="vectors">Null: all on one thread.</param>
    internal OrthantDescent(double[] start, double[] l1, double[] yardstick, CurvatureHistory? history, LongVectors? vectors)
    {
        (_l1, _yardstick, _vectors) = (l1, yardstick, vectors ?? LongVectors.Serial);
        Trial = Vectors.Rounded(start);
        Current = new Evaluated(Trial, double.NaN, [], []);
        History = history;
    }

    public double[] Point => Current.Point;

    public double[] Trial { get; private init; }

    string Name => History is null ? "gd" : "owlqn";

    Evaluated Current { get; init; }

    /// <summary>Null: steepest descent.</summary>
    CurvatureHistory? History { get; init; }

    /// <summary>Without a history, the length that a search starts with; 0 before the first.</summary>
    double Length { get; init; }

    Stall Stall { get; init; }

    /// <summary>The search that <see cref="Trial"/> belongs to; null while the starting point is awaited.</summary>
    Descent? Search { get; init; }

    /// <summary>A point with what is known there.</summary>
    sealed record Evaluated(double[] Point, double Objective, double[] Gradient, double[] PseudoGradient);

    sealed record Descent(double[] Direction, Backtracking Path);

    public OptimizerAnswer Tell(double objective, double[] gradient)
    {
        var told = new Evaluated(Trial, objective, gradient, double.IsFinite(objective) ? PseudoGradient.Of(Trial, gradient, _l1, _vectors) : []);
        if (Search is null) return Begin(told);

        var startSlope = StartSlope(Trial);
        var endSlope = double.IsFinite(objective) ? EndSlope(gradient) : double.NaN;
        if (Search.Path.Accepts(objective, startSlope, endSlope)) return MoveTo(told);

        var shorter = Search.Path.Shorten(objective, startSlope, endSlope);
        return shorter.IsOver ? Forget() : TryNext(Search with { Path = shorter });
    }

    public void LetGo(IOptimizer successor)
    {
        if (successor is not OrthantDescent after) return;
        if (after.Current != Current)
        {
            SpareNumbers.Give(Current.Gradient);
            if (Current.PseudoGradient != Current.Gradient) SpareNumbers.Give(Current.PseudoGradient);
        }
        if (Search is { } search && after.Search?.Direction != search.Direction) SpareNumbers.Give(search.Direction);
        if (after.History is { } history) History?.LetGo(history);
    }

    public void Save(StateWriter state)
    {
        state.Tag(Name);
        state.Write(Point);
        state.Write(Current.Objective);
        state.Write(Current.Gradient);
        state.Write(Length);
        History?.Save(state);
        Stall.Save(state);
    }

    /// <remarks>Before the first evaluation there is nothing but the starting point; from any other one the search begins anew.</remarks>
    public IOptimizer Restore(StateReader saved)
    {
        saved.Expect(Name);
        var (point, objective, gradient) = (saved.ReadDoubles(Point.Length), saved.ReadDouble(), saved.ReadDoubles());
        var isBegun = gradient.Length > 0;
        if (isBegun && gradient.Length != point.Length)
            throw new InvalidDataException("the state holds a gradient of another length than its point");

        var restored = this with
        {
            Current = new Evaluated(point, objective, gradient, isBegun ? PseudoGradient.Of(point, gradient, _l1, _vectors) : []),
            Trial = point,
            Length = saved.ReadDouble(),
            History = History?.Restore(saved, point.Length),
            Stall = Stall.Restore(saved),
        };
        return isBegun ? restored.Descend().Optimizer : restored;
    }

    OptimizerAnswer Begin(Evaluated told)
    {
        var gradientMax = double.IsFinite(told.Objective) ? _vectors.MaxRatio(told.PseudoGradient, _yardstick) : double.NaN;
        if (!double.IsFinite(gradientMax)) throw Divergence.At("the starting point").AsException();

        var begun = this with
        {
            Current = told,
            Stall = new Stall(told.Objective, gradientMax, 0),
            Length = 1 / Math.Max(1, Math.Sqrt(_vectors.Dot(told.PseudoGradient, told.PseudoGradient))),
        };
        return begun.Descend() with { Step = new OptimizerStep(told.Objective, gradientMax) };
    }

    OptimizerAnswer MoveTo(Evaluated told)
    {
        var gradientMax = _vectors.MaxRatio(told.PseudoGradient, _yardstick);
        var path = Search!.Path;
        var moved = this with
        {
            Current = told,
            History = History?.With(told.Point, Current.Point, told.Objective, told.Gradient, Current.Gradient),
            Length = path.Trials == 0 ? 2 * path.Length : path.Length,
            Stall = Stall.After(told.Objective, gradientMax),
        };
        var answer = moved.Stall.IsOver ? moved.Exhaust() : moved.Descend();
        return answer with { Step = new OptimizerStep(told.Objective, gradientMax) };
    }

    /// <summary>Starts a search from the current point.</summary>
    OptimizerAnswer Descend()
    {
        var direction = Direction();
        var slope = _vectors.Dot(Current.PseudoGradient, direction);
        if (!(slope < 0 && double.IsFinite(slope))) return Forget();

        var path = new Backtracking(Current.Objective, ObjectiveNoise * Math.Abs(Current.Objective), History is null ? Length : 1);
        return (this with { Trial = Point }).TryNext(new Descent(direction, path));
    }

    double[] Direction()
    {
        var steepest = Current.PseudoGradient;
        if (History is null) return [.. steepest.Select(slope => -slope)];

        var free = Free();
        var direction = History.Direction(steepest, free);
        for (var i = 1; i < DirectionsMax && HoldUphill(direction, free); i++)
        {
            SpareNumbers.Give(direction);
            direction = History.Direction(steepest, free);
        }
        HoldUphill(direction, free);
        return direction;
    }

    /// <summary>Holds the coordinates at 0 that a direction would move uphill; false where there are none.</summary>
    bool HoldUphill(double[] direction, bool[] free)
    {
        var isAny = new bool[LongVectors.PieceCount(free.Length)];
        _vectors.Run(free.Length, (i, piece) => isAny[i] = OrthantOf(piece).HoldUphill(direction.AsSpan(piece), free.AsSpan(piece)));
        return isAny.Contains(true);
    }

    /// <summary>False for the coordinates at 0 that their slopes hold there; empty where nothing can be held.</summary>
    bool[] Free()
    {
        var free = new bool[_l1.Length];
        _vectors.Run(free.Length, (_, piece) => OrthantOf(piece).Free(free.AsSpan(piece)));
        return free;
    }

    /// <summary>Asks for the next trial that leads downhill and is new; gives up where rounding leaves none.</summary>
    OptimizerAnswer TryNext(Descent search)
    {
        for (var path = search.Path; !path.IsOver; path = path with { Length = path.Length / 2, Trials = path.Trials + 1 })
        {
            var trial = TrialAt(path.Length, search.Direction);
            var isNew = !trial.AsSpan().SequenceEqual(Point) && !trial.AsSpan().SequenceEqual(Trial);
            var isDownhill = StartSlope(trial) < 0;
            if (isNew && isDownhill) return new(this with { Trial = trial, Search = search with { Path = path } }, null);
        }
        return Forget();
    }

    /// <summary>The point so far along a direction, coordinates that would leave the orthant at its border.</summary>
    double[] TrialAt(double length, double[] direction)
    {
        if (_l1.Length == 0) return _vectors.RoundedSum(Point, length, direction);

        var trial = GC.AllocateUninitializedArray<double>(Point.Length);
        _vectors.Run(trial.Length, (_, piece) => OrthantOf(piece).Step(length, direction.AsSpan(piece), trial.AsSpan(piece)));
        return trial;
    }

    /// <summary>The slope at the current point along the step to a trial.</summary>
    double StartSlope(double[] trial) => _vectors.DotDifference(Current.PseudoGradient, trial, Point);

    /// <summary>The slope at the trial along the step, within the orthant.</summary>
    double EndSlope(double[] gradient) => _l1.Length == 0
        ? _vectors.DotDifference(gradient, Trial, Point)
        : _vectors.Sum(Trial.Length, piece => OrthantOf(piece).EndSlope(gradient.AsSpan(piece), Trial.AsSpan(piece)));

    /// <summary>A piece of the current one; only where there is a λ.</summary>
    Orthant OrthantOf(Range piece) => new(Point.AsSpan(piece), Current.PseudoGradient.AsSpan(piece), _l1.AsSpan(piece));

    OptimizerAnswer Forget() => History is null or { IsEmpty: true } ? Exhaust() : (this with { History = History.Forget() }).Descend();

    OptimizerAnswer Exhaust() => new(this, null, Exhausted: true);
}

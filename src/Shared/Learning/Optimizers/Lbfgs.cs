using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>L-BFGS with a strong Wolfe line search. An accepted trial needs no second evaluation.</summary>
/// <remarks>
/// It knows that float sums carry noise. Values that differ by less than <see cref="ObjectiveNoise"/> of the objective are taken as
/// equal and slopes decide (<see cref="LineSearch"/>). A search that finds nothing forgets the history once; when the starting
/// curvature alone finds nothing either, or many steps in a row improve nothing, it says that it is exhausted.
/// </remarks>
public sealed record Lbfgs : IOptimizer
{
    /// <summary>
    /// Error of an objective summed from float blocks, relative to its size: some float32 roundings, as in Hager and Zhang.
    /// </summary>
    const double ObjectiveNoise = 1e-6;

    readonly double[] _yardstick;
    readonly LongVectors _vectors;

    Lbfgs(double[] start, IStartingCurvature curvature, double[] yardstick, LongVectors vectors)
    {
        (_yardstick, _vectors) = (yardstick, vectors);
        Trial = Vectors.Rounded(start);
        Current = new Evaluated(Trial, double.NaN, []);
        History = CurvatureHistory.From(curvature, vectors);
    }

    public double[] Point => Current.Point;

    public double[] Trial { get; private init; }

    Evaluated Current { get; init; }

    CurvatureHistory History { get; init; }

    Stall Stall { get; init; }

    /// <summary>The search that <see cref="Trial"/> belongs to; null while the starting point is awaited.</summary>
    Descent? Search { get; init; }

    /// <summary>A point with what is known there.</summary>
    sealed record Evaluated(double[] Point, double Objective, double[] Gradient);

    /// <summary>
    /// A line search along a direction from the current point, and what was evaluated at its best point, if that is a trial.
    /// </summary>
    sealed record Descent(double[] Direction, LineSearch Line, Evaluated? Low);

    /// <summary>L-BFGS at its starting point, which it wants evaluated first.</summary>
    /// <param name="start">Copied, rounded to float32.</param>
    /// <param name="curvature">Estimate of the Hessian.</param>
    /// <param name="yardstick">
    /// Unit of each gradient entry in <see cref="OptimizerStep.GradientMax"/>, all positive; empty: all 1. Not written by either side.
    /// </param>
    /// <param name="vectors">Null: all on one thread.</param>
    public static Lbfgs From(double[] start, IStartingCurvature curvature, double[] yardstick, LongVectors? vectors = null) =>
        new(start, curvature, yardstick, vectors ?? LongVectors.Serial);

    public OptimizerAnswer Tell(double objective, double[] gradient)
    {
        var told = new Evaluated(Trial, objective, gradient);
        if (Search is null) return Begin(told);

        var slope = double.IsFinite(objective) ? _vectors.Dot(gradient, Search.Direction) : double.NaN;
        var (line, verdict) = Search.Line.Tell(objective, slope);
        if (verdict == LineSearchVerdict.Accepted) return MoveTo(told);

        var low = line.Low.Length == Search.Line.Trial ? told : line.Low == Search.Line.Low ? Search.Low : null;
        var next = Search with { Line = line, Low = low };
        return verdict == LineSearchVerdict.Continue ? TryNext(next) : GiveUp(next);
    }

    public void LetGo(IOptimizer successor)
    {
        if (successor is not Lbfgs after) return;
        if (after.Current != Current) SpareNumbers.Give(Current.Gradient);
        if (Search is { } search && after.Search?.Direction != search.Direction) SpareNumbers.Give(search.Direction);
        if (Search?.Low is { } low && low != after.Search?.Low && low != after.Current) SpareNumbers.Give(low.Gradient);
        History.LetGo(after.History);
    }

    public void Save(StateWriter state)
    {
        state.Tag("lbfgs");
        state.Write(Point);
        state.Write(Current.Objective);
        state.Write(Current.Gradient);
        History.Save(state);
        Stall.Save(state);
    }

    /// <remarks>Before the first evaluation there is nothing but the starting point; from any other one the search begins anew.</remarks>
    public IOptimizer Restore(StateReader saved)
    {
        saved.Expect("lbfgs");
        var current = new Evaluated(saved.ReadDoubles(Point.Length), saved.ReadDouble(), saved.ReadDoubles());
        var restored = this with
        {
            Current = current,
            Trial = current.Point,
            History = History.Restore(saved, Point.Length),
            Stall = Stall.Restore(saved),
        };
        if (current.Gradient.Length == 0) return restored;
        if (current.Gradient.Length != Point.Length)
            throw new InvalidDataException("the state holds a gradient of another length than its point");
        return restored.Descend().Optimizer;
    }

    OptimizerAnswer Begin(Evaluated told)
    {
        var gradientMax = double.IsFinite(told.Objective) ? _vectors.MaxRatio(told.Gradient, _yardstick) : double.NaN;
        if (!double.IsFinite(gradientMax)) throw Divergence.At("the starting point").AsException();

        var begun = this with { Current = told, Stall = new Stall(told.Objective, gradientMax, 0) };
        return begun.Descend() with { Step = new OptimizerStep(told.Objective, gradientMax) };
    }

    OptimizerAnswer MoveTo(Evaluated told)
    {
        var gradientMax = _vectors.MaxRatio(told.Gradient, _yardstick);
        var moved = this with
        {
            Current = told,
            Trial = told.Point,
            History = History.With(told.Point, Current.Point, told.Objective, told.Gradient, Current.Gradient),
            Stall = Stall.After(told.Objective, gradientMax),
        };
        var answer = moved.Stall.IsOver ? moved.Exhaust() : moved.Descend();
        return answer with { Step = new OptimizerStep(told.Objective, gradientMax) };
    }

    /// <summary>Starts a search from the current point.</summary>
    OptimizerAnswer Descend()
    {
        var direction = History.Direction(Current.Gradient);
        var slope = _vectors.Dot(Current.Gradient, direction);
        if (!(slope < 0 && double.IsFinite(slope))) return Forget();

        var line = LineSearch.From(Current.Objective, slope, 1, ObjectiveNoise * Math.Abs(Current.Objective));
        return (this with { Trial = Point }).TryNext(new Descent(direction, line, null));
    }

    /// <summary>Asks for the search's next trial, unless rounding makes it the current point or the trial just told.</summary>
    OptimizerAnswer TryNext(Descent search)
    {
        var trial = _vectors.RoundedSum(Point, search.Line.Trial, search.Direction);
        var isNew = !trial.AsSpan().SequenceEqual(Point) && !trial.AsSpan().SequenceEqual(Trial);
        return isNew ? new(this with { Trial = trial, Search = search }, null) : GiveUp(search);
    }

    /// <summary>A search ended without a Wolfe point: takes a clearly lower one if it met one, else begins anew.</summary>
    OptimizerAnswer GiveUp(Descent search) => search is { Low: { } low, Line.HasProgress: true } ? MoveTo(low) : Forget();

    OptimizerAnswer Forget() => History.IsEmpty ? Exhaust() : (this with { History = History.Forget() }).Descend();

    OptimizerAnswer Exhaust() => new(this, null, Exhausted: true);
}

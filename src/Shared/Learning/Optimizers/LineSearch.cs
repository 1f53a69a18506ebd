namespace DistTrain.Learning.Optimizers;

/// <summary>A point on a line: φ(length) = f(x + length·d) and its slope φ′.</summary>
readonly record struct LinePoint(double Length, double Value, double Slope)
{
    public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Slope);
}

/// <summary>How a line search goes on after a trial.</summary>
enum LineSearchVerdict
{
    Continue,
    Accepted,
    Failed,
}

/// <summary>A strong Wolfe line search as a value of a few scalars: asks for one length at a time, is told value and slope there.</summary>
/// <remarks>
/// Bracketing and zoom of Nocedal and Wright, "Numerical Optimization" (2006), algorithms 3.5 and 3.6, with cubic interpolation. Where
/// values differ by less than their noise they say nothing, while slopes still do: there the approximate Wolfe condition of Hager
/// and Zhang (SIAM J. Optim. 16, 2005) replaces sufficient decrease, the sign of the slope decides the bracket, and the secant of
/// slopes the next trial.
/// </remarks>
sealed record LineSearch
{
    const double SufficientDecrease = 1e-4;
    const double Curvature = 0.9;
    const int TrialsMax = 20;

    LineSearch(LinePoint start, double trial, double noise) => (Start, Low, Trial, Noise) = (start, start, trial, noise);

    /// <summary>The length to try next.</summary>
    public double Trial { get; private init; }

    /// <summary>The best point so far: the start, or a trial that decreased enough.</summary>
    public LinePoint Low { get; private init; }

    LinePoint Start { get; }

    /// <summary>Differences of values up to this say nothing.</summary>
    double Noise { get; }

    /// <summary>The other end of the bracket; null while no trial was too long.</summary>
    LinePoint? High { get; init; }

    int Trials { get; init; }

    /// <summary>True where the best point lies below the start by more than the noise.</summary>
    public bool HasProgress => Start.Value - Low.Value > Noise;

    /// <summary>A search from φ(0) = <paramref name="value"/>, φ′(0) = <paramref name="slope"/> &lt; 0.</summary>
    /// <param name="trial">First length to try, above 0.</param>
    /// <param name="noise">Error of a value, in its unit; at least 0.</param>
    public static LineSearch From(double value, double slope, double trial, double noise) =>
        new(new LinePoint(0, value, slope), trial, noise);

    /// <summary>The search after learning value and slope at <see cref="Trial"/>.</summary>
    public (LineSearch Next, LineSearchVerdict Verdict) Tell(double value, double slope)
    {
        var told = new LinePoint(Trial, value, slope);
        if (told.IsFinite && !IsTooHigh(told) && Math.Abs(slope) <= Curvature * -Start.Slope)
            return (this with { Low = told }, LineSearchVerdict.Accepted);

        var next = Bracket(told);
        return (next, next.Trials < TrialsMax ? LineSearchVerdict.Continue : LineSearchVerdict.Failed);
    }

    bool IsTooHigh(LinePoint told)
    {
        var saysNothing = Math.Abs(told.Value - Start.Value) <= Noise && Math.Abs(told.Value - Low.Value) <= Noise;
        if (saysNothing) return false;
        return told.Value > Start.Value + SufficientDecrease * told.Length * Start.Slope || told.Value >= Low.Value;
    }

    LineSearch Bracket(LinePoint told)
    {
        var next = this with { Trials = Trials + 1 };
        if (!told.IsFinite || IsTooHigh(told)) return (next with { High = told }).Narrow();

        var outward = High is { } high ? high.Length - Low.Length : 1;
        if (told.Slope * outward >= 0) return (next with { Low = told, High = Low }).Narrow();

        next = next with { Low = told };
        return High is null ? next with { Trial = Extrapolate(Low, told) } : next.Narrow();
    }

    /// <summary>The next trial inside the bracket, well away from both ends; every third one halves it, so that it must shrink.</summary>
    LineSearch Narrow()
    {
        var high = High!.Value;
        var fraction = !high.IsFinite ? 0.1
            : Trials % 3 == 0 ? 0.5
            : Math.Clamp(Interpolate(Low, high, Noise), 0.1, 0.9);
        return this with { Trial = Low.Length + fraction * (high.Length - Low.Length) };
    }

    /// <summary>Where the slope would be 0 if it went on as between two points; 2 to 10 times the longer length.</summary>
    static double Extrapolate(LinePoint before, LinePoint after)
    {
        var rise = after.Slope - before.Slope;
        var zero = rise > 0 ? after.Length - after.Slope * (after.Length - before.Length) / rise : double.PositiveInfinity;
        return Math.Clamp(zero, 2 * after.Length, 10 * after.Length);
    }

    /// <summary>The minimiser's place between two points as a fraction of their distance; one half where no model has one.</summary>
    static double Interpolate(LinePoint low, LinePoint high, double noise)
    {
        var fraction = Math.Abs(high.Value - low.Value) > noise
            ? CubicMinimizer(low, high)
            : low.Slope / (low.Slope - high.Slope);
        return double.IsFinite(fraction) && fraction is > 0 and < 1 ? fraction : 0.5;
    }

    /// <summary>Minimiser of the cubic through both values and slopes (Nocedal and Wright, 3.59), as a fraction of the way.</summary>
    static double CubicMinimizer(LinePoint a, LinePoint b)
    {
        var width = b.Length - a.Length;
        var d1 = a.Slope + b.Slope - 3 * (b.Value - a.Value) / width;
        var d2 = Math.CopySign(Math.Sqrt(d1 * d1 - a.Slope * b.Slope), width);
        return 1 - (b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2);
    }
}

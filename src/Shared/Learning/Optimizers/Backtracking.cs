namespace DistTrain.Learning.Optimizers;

/// <summary>
/// A line search that only shortens, as a value of a few scalars; for paths that bend, where a length says little of slopes.
/// </summary>
/// <remarks>
/// A trial is taken when it decreases enough (Armijo). Where values differ by less than their noise they say nothing, while slopes along
/// the step do: the function being convex along it, a slope at its end of at most the start's, turned round, means no rise (the approximate
/// Wolfe condition of Hager and Zhang, SIAM J. Optim. 16, 2005).
/// </remarks>
/// <param name="Value">The function at the start.</param>
/// <param name="Noise">Differences of values up to this say nothing.</param>
/// <param name="Length">The length to try next, above 0.</param>
/// <param name="Trials">Trials told so far.</param>
readonly record struct Backtracking(double Value, double Noise, double Length, int Trials = 0)
{
    const double SufficientDecrease = 1e-4;
    const int TrialsMax = 20;

    public bool IsOver => Trials >= TrialsMax;

    /// <summary>Whether a trial is good enough.</summary>
    /// <param name="value">The function there; not finite: too far.</param>
    /// <param name="startSlope">Its slope at the start along the whole step, step included: below 0.</param>
    /// <param name="endSlope">The same at the trial.</param>
    public bool Accepts(double value, double startSlope, double endSlope)
    {
        if (!double.IsFinite(value) || !double.IsFinite(endSlope)) return false;
        return Math.Abs(value - Value) <= Noise
            ? endSlope <= (1 - 2 * SufficientDecrease) * -startSlope
            : value <= Value + SufficientDecrease * startSlope;
    }

    /// <summary>The search after a trial that was not taken: between a tenth and a half of its length.</summary>
    public Backtracking Shorten(double value, double startSlope, double endSlope)
    {
        var fraction = !double.IsFinite(value) ? 0.1
            : Math.Abs(value - Value) <= Noise ? startSlope / (startSlope - endSlope) // where the slope would be 0
            : startSlope / (2 * (startSlope + Value - value)); // the parabola's minimiser
        return this with { Length = Length * (fraction is > 0.1 and < 0.5 ? fraction : fraction <= 0.1 ? 0.1 : 0.5), Trials = Trials + 1 };
    }
}

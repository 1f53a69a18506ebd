namespace DistTrain.Learning.Metrics;

/// <summary>
/// Finds the β in [0.01, 100] with the least log-loss of softmax(β·z): asks for one β at a time, is told loss, slope, curvature.
/// </summary>
/// <remarks>
/// The loss is convex in β, so the sign of the slope says on which side the optimum lies. Newton's step is taken where it stays between
/// the ends known so far; where it leaves them, the end itself is tried if nobody has yet. After a step that left more than a third of the
/// slope, the geometric mean of the ends is tried instead: so the ends close in whatever the curve. It ends where a step would
/// change β by less than one part in 10⁹, or at the end of the range when the loss still falls there.
/// </remarks>
public sealed record TemperatureSearch
{
    /// <summary>The smallest temperature that is ever found.</summary>
    public const double TemperatureMin = 0.01;

    /// <summary>The largest one.</summary>
    public const double TemperatureMax = 100;

    public const double InverseMin = 1 / TemperatureMax;

    public const double InverseMax = 1 / TemperatureMin;

    /// <summary>Far more trials than are ever needed; then the last one is taken.</summary>
    const int TrialsMax = 60;

    const double Precision = 1e-9;
    const double SlowFall = 1.0 / 3;

    /// <summary>The β to try, or, where it <see cref="IsFinished"/>, the one found.</summary>
    public double Trial { get; private init; } = 1;

    public bool IsFinished { get; private init; }

    /// <summary>Whether the loss still falls at the end of the range, where the search stopped.</summary>
    public bool IsAtLimit => IsFinished && Trial is InverseMin or InverseMax;

    double Low { get; init; } = InverseMin;

    double High { get; init; } = InverseMax;

    bool IsLowTried { get; init; }

    bool IsHighTried { get; init; }

    /// <summary>|slope| of the point from which a Newton step led to the trial; null after any other step.</summary>
    double? SlopeBefore { get; init; }

    int Trials { get; init; }

    /// <summary>The search after learning slope and curvature at <see cref="Trial"/>, both means over the weight.</summary>
    /// <param name="slope">+∞ where the loss is too large to be added.</param>
    public TemperatureSearch Tell(double slope, double curvature)
    {
        var next = Narrow(slope) with { Trials = Trials + 1 };
        var newton = Trial - slope / curvature;
        if (slope == 0 || next.Trials == TrialsMax || Math.Abs(newton - Trial) <= Precision * Trial || next.Low == next.High)
            return next with { IsFinished = true };

        var isSlow = SlopeBefore is { } before && Math.Abs(slope) > SlowFall * before;
        if (newton > next.Low && newton < next.High && !isSlow) return next with { Trial = newton, SlopeBefore = Math.Abs(slope) };
        return next with { Trial = next.Without(newton, isSlow), SlopeBefore = null };
    }

    /// <summary>The ends after a trial: one of them moves to it; both, where the optimum lies beyond the range.</summary>
    TemperatureSearch Narrow(double slope) => slope < 0
        ? this with { Low = Trial, IsLowTried = true }
        : this with { High = Trial, IsHighTried = true };

    /// <summary>Where to go when Newton's step will not do.</summary>
    double Without(double newton, bool isSlow)
    {
        var middle = Math.Sqrt(Low * High);
        if (!IsHighTried && (newton >= High || High < 2 * Low)) return High;
        if (!IsLowTried && (newton <= Low || High < 2 * Low)) return Low;
        return middle;
    }
}

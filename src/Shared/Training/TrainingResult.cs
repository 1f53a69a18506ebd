using System.Collections.Immutable;
using DistTrain.Learning;

namespace DistTrain.Training;

/// <summary>
/// How a run ended, with the numbers of its closing pass. What the mathematics knows; names, paths and times are added outside.
/// </summary>
public sealed record TrainingResult
{
    /// <summary>Weights and intercepts of the active classes in held feature order; intercepts belong to the centred features.</summary>
    public required Parameters Parameters { get; init; }

    public required StoppedBy StoppedBy { get; init; }

    /// <summary>Stopped by tolerance or certificate, where there is an optimum.</summary>
    public bool Converged => StoppedBy is StoppedBy.Tolerance or StoppedBy.Suboptimality && Separation is null;

    public required int Steps { get; init; }

    public required int Evaluations { get; init; }

    /// <summary>Passes over the training rows, fractions included; the closing pass not counted.</summary>
    public required double Epochs { get; init; }

    /// <summary>F at <see cref="Parameters"/>, in double arithmetic.</summary>
    public required double Objective { get; init; }

    /// <summary>Upper bound of F − min F; null where there is none (a feature without penalty).</summary>
    public required double? SuboptimalityBound { get; init; }

    /// <summary>max |∂F/∂W_kd| / max(1, rms of column d), in double arithmetic.</summary>
    public required double GradientMax { get; init; }

    public required ClassificationMetrics Training { get; init; }

    /// <summary>At temperature 1; null where nothing is held out.</summary>
    public required ClassificationMetrics? Validation { get; init; }

    /// <summary>The fitted temperature; null where none was asked for, or no validation row could be counted.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>λ₂ of the objective: that of the best penalty where there was a path.</summary>
    public double L2 { get; init; }

    /// <summary>The penalties tried, in the order of training; empty where there was one only.</summary>
    public ImmutableArray<PathPoint> Path { get; init; } = [];

    /// <summary>Why the objective has no minimum; null where it has one or where none of the reasons looked for was found.</summary>
    public Separation? Separation { get; init; }
}

/// <summary>Why training stopped (docs/math.md says by which rule).</summary>
public enum StoppedBy
{
    Tolerance,
    Suboptimality,
    Precision,
    Steps,
    Epochs,
    Patience,
    Time,
    Signal,
}

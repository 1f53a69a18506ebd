using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Training.Phases;

/// <summary>What does not change while a run trains.</summary>
sealed class TrainingProblem(DatasetManifest manifest, TrainingOptions options)
{
    public DatasetManifest Manifest { get; } = manifest;

    /// <summary>λ₂ before features' factors and scales.</summary>
    public double L2 => options.L2;

    public PenalizedObjective Objective { get; } = new(
        manifest, Penalty.Of(manifest, options.L2, options.L1, options.Standardize, options.PenaltyFactors.AsSpan()));

    public CalibrationKind Calibration { get; } = options.Calibration;

    /// <summary>The metrics of the rows that <paramref name="sums"/> were taken over.</summary>
    public ClassificationMetrics Score(EvaluationSums sums) => Scoring.Of(
        sums, Objective.Scales, Manifest.InactiveClasses, Scoring.MajorityClass(Manifest.ClassWeights.AsSpan()));

    /// <summary>The numbers in the model file, as held: what the closing pass evaluates.</summary>
    public Parameters ParametersToKeep(double[] point) => Centering.Settle(
        Centering.AcrossClasses(ParametersAt(point), Objective.Penalty), Manifest.Layout.Centers.AsSpan());

    public Parameters ParametersAt(double[] point) => new(Objective.Shape, point);
}

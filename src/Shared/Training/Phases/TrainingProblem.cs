using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>What does not change while a run trains.</summary>
sealed class TrainingProblem
{
    /// <param name="vectors">Null: all on one thread.</param>
    public TrainingProblem(DatasetManifest manifest, TrainingOptions options, LongVectors? vectors = null)
    {
        Statistics = TrainingStatistics.Of(manifest, options.TargetsOf(manifest));
        L2 = options.L2;
        Parallel = vectors?.Parallel ?? SerialFor.Instance;
        Objective = new PenalizedObjective(
            Statistics, Penalty.Of(Statistics, options.L2, options.L1, options.Standardize, options.PenaltyFactors.AsSpan()), vectors);
        Calibration = options.Calibration;
        Suboptimality = options.Suboptimality;
    }

    /// <summary>For the arithmetic between evaluations.</summary>
    public IParallelFor Parallel { get; }

    /// <summary>λ₂ before features' factors and scales.</summary>
    public double L2 { get; }

    /// <summary>The bound of F − min F that ends training; null: none is asked for.</summary>
    public double? Suboptimality { get; }

    public TrainingStatistics Statistics { get; }

    public DatasetManifest Manifest => Statistics.Manifest;

    public PenalizedObjective Objective { get; }

    public CalibrationKind Calibration { get; }

    /// <summary>The metrics of the rows that <paramref name="sums"/> were taken over.</summary>
    public ClassificationMetrics Score(EvaluationSums sums) => Scoring.Of(
        sums, Objective.Scales, Manifest.InactiveClasses, Scoring.MajorityClass(Manifest.ClassWeights.AsSpan()));

    /// <summary>The numbers in the model file, as held: what the closing pass evaluates.</summary>
    public Parameters ParametersToKeep(double[] point)
    {
        var kept = Objective.WithoutConstants(ParametersAt(point));
        Centering.AcrossClasses(kept, Objective.Penalty);
        Centering.Settle(kept, Manifest.Layout.Centers.AsSpan());
        return kept;
    }

    public Parameters ParametersAt(double[] point) => new(Objective.Shape, point);
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// The statistics of the training part as the objective sees it: under the training weights v = w·c[y] and the targets q.
/// </summary>
/// <remarks>
/// The one source of what the mathematics asks of a dataset, so that class weights are the same as example weights multiplied by them. With
/// plain targets they are the manifest's own numbers. Metrics and the majority class stay on example weights, and on the manifest.
/// </remarks>
public sealed class TrainingStatistics
{
    TrainingStatistics(DatasetManifest manifest, Targets targets)
    {
        (Manifest, Targets) = (manifest, targets);
        Scales = new Scales(manifest, targets.ClassWeightMax);
        (WeightSum, Sums, SquareSums) = (manifest.WeightSum, manifest.Sums, manifest.SquareSums);
        if (targets.HasClassWeights)
        {
            WeightSum = 0;
            for (var k = 0; k < ClassCount; k++) WeightSum += WeightOf(k);
            (Sums, SquareSums) = (Weighted(manifest.ClassFeatureSums), Weighted(manifest.ClassSquareSums));
        }
        TargetWeights = [.. Enumerable.Range(0, ClassCount).Select(k => Smoothed(WeightOf(k), WeightSum))];
    }

    public static TrainingStatistics Of(DatasetManifest manifest, Targets targets) => new(manifest, targets);

    public DatasetManifest Manifest { get; }

    public Targets Targets { get; }

    /// <summary>The fixed-point scales of the run.</summary>
    public Scales Scales { get; }

    public int ClassCount => Manifest.ClassCount;

    public int FeatureCount => Manifest.FeatureCount;

    /// <summary>S = Σ vᵢ.</summary>
    public double WeightSum { get; }

    /// <summary>For each active class Σ vᵢqᵢ,k; all positive, sum S.</summary>
    public ImmutableArray<double> TargetWeights { get; }

    /// <summary>The loss without features, at intercepts of the log of the targets' means: −Σ mₖ log mₖ. Above 0.</summary>
    public double PriorLoss
    {
        get
        {
            var loss = 0.0;
            foreach (var weight in TargetWeights) loss -= weight / WeightSum * PinnedMath.Log(weight / WeightSum);
            return loss;
        }
    }

    /// <summary>Σ vᵢxᵢd, as held.</summary>
    public double[] Sums { get; }

    /// <summary>Σ vᵢxᵢd², as held.</summary>
    public double[] SquareSums { get; }

    /// <summary>Σ vᵢqᵢ,k·xᵢd, as held.</summary>
    public double TargetFeatureSum(int k, int d) =>
        Smoothed(Targets.ClassWeightOf(k) * Manifest.ClassFeatureSums[k * FeatureCount + d], Sums[d]);

    /// <summary>Σ vᵢ over the rows of class k.</summary>
    double WeightOf(int k) => Targets.ClassWeightOf(k) * Manifest.ClassWeights[k];

    /// <summary>A class's sum and the sum over all classes, mixed as smoothed targets mix them.</summary>
    double Smoothed(double ofClass, double ofAll) => (1 - Targets.LabelSmoothing) * ofClass + Targets.LabelSmoothing / ClassCount * ofAll;

    /// <summary>Sums over the classes, in class order, of c_k times class k's sums, [K, D].</summary>
    double[] Weighted(double[] classSums)
    {
        var sums = new double[FeatureCount];
        for (var k = 0; k < ClassCount; k++)
        {
            for (var d = 0; d < sums.Length; d++) sums[d] += Targets.ClassWeights[k] * classSums[k * sums.Length + d];
        }
        return sums;
    }
}

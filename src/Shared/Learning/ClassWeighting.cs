using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Learning;

/// <summary>Where the class weights of a run come from.</summary>
public abstract record ClassWeighting
{
    /// <summary>All 1.</summary>
    public static ClassWeighting None { get; } = new Uniform();

    /// <summary>c_k = S/(K·S_k) of the training rows' example weights: every class weighs the same in the objective.</summary>
    public static ClassWeighting Balanced { get; } = new BalancedByWeight();

    /// <summary>One number for each class of the class list, inactive ones included.</summary>
    public static ClassWeighting Given(ImmutableArray<double> weights) => new Listed(weights);

    /// <summary>c of each active class of a dataset, rounded to 32 bits; empty: all 1.</summary>
    public ImmutableArray<double> Of(DatasetManifest manifest)
    {
        ImmutableArray<double> weights = [.. Exact(manifest).Select(weight => (double)(float)weight)];
        return weights.All(weight => weight == 1) ? [] : weights;
    }

    protected abstract IEnumerable<double> Exact(DatasetManifest manifest);

    sealed record Uniform : ClassWeighting
    {
        protected override IEnumerable<double> Exact(DatasetManifest manifest) => [];
    }

    sealed record BalancedByWeight : ClassWeighting
    {
        protected override IEnumerable<double> Exact(DatasetManifest manifest) =>
            manifest.ClassWeights.Select(weight => manifest.WeightSum / (manifest.ClassCount * weight));
    }

    sealed record Listed(ImmutableArray<double> Weights) : ClassWeighting
    {
        protected override IEnumerable<double> Exact(DatasetManifest manifest) =>
            Weights.Where((_, place) => !manifest.InactiveClasses.Contains(place));
    }
}

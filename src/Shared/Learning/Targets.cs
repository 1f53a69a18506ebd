using System.Collections.Immutable;

namespace DistTrain.Learning;

/// <summary>How labels enter the loss: a constant of a run, which everyone who computes must have alike.</summary>
/// <remarks>
///   q = (1 − ε)·onehot(y) + ε/K        target over the active classes
///   v = w·c[y]                         training weight of a row of example weight w
///   loss = v · (logsumexp(z) − Σ qₖzₖ)
/// Class weights are numbers of 32 bits, so that their product with the weight of an unweighted row is exact in both kernels.
/// </remarks>
/// <param name="LabelSmoothing">ε in [0, 1).</param>
/// <param name="ClassWeights">c of each active class, above 0 and floats; empty: all 1.</param>
public sealed record Targets(double LabelSmoothing, ImmutableArray<double> ClassWeights)
{
    /// <summary>One-hot targets and example weights as they are.</summary>
    public static Targets Plain { get; } = new(0, []);

    public bool HasClassWeights => !ClassWeights.IsEmpty;

    /// <summary>The factor in the scales of gradients: the largest class weight, at least 1.</summary>
    public double ClassWeightMax => HasClassWeights ? Math.Max(1, ClassWeights.Max()) : 1;

    /// <summary>c of an active class.</summary>
    public double ClassWeightOf(int classIndex) => HasClassWeights ? ClassWeights[classIndex] : 1;

    public bool Equals(Targets? other) =>
        other is not null && LabelSmoothing == other.LabelSmoothing && ClassWeights.AsSpan().SequenceEqual(other.ClassWeights.AsSpan());

    public override int GetHashCode() => HashCode.Combine(LabelSmoothing, ClassWeights.Length, ClassWeights.FirstOrDefault());
}

using DistTrain.Data.Storage;

namespace DistTrain.Learning;

/// <summary>
/// Why an objective without penalty has no minimum: some direction in the
/// parameters makes no row's loss larger and some rows' smaller, for ever.
/// </summary>
/// <remarks>
/// Albert and Anderson (Biometrika 71, 1984): a maximum likelihood estimate exists if and only if there is no such direction. Two of them
/// are looked for, and either is proof:
///   the parameters themselves, where they give every training row its own class: all margins z_y − z_k are then at least 0, and growing
///     (W, b) grows them all (complete separation);
///   −W_kd alone, where feature d is nowhere negative and 0 in all rows of class k, but not in all rows: lower logits of class k then harm no
///     row and help those with the feature (quasi-complete separation; most often a level that some class never has).
/// That neither is found proves nothing.
/// </remarks>
/// <param name="Feature">
/// The feature, as held, that class <paramref name="ClassIndex"/> never has; null where the classes are separated by all of them.
/// </param>
/// <param name="ClassIndex">Among the active classes; null with <paramref name="Feature"/>.</param>
public sealed record Separation(int? Feature, int? ClassIndex)
{
    static readonly Separation Complete = new(null, null);

    /// <summary>Σ wx and Σ w|x| of the same numbers may differ by rounding, in relation to their size.</summary>
    const double Rounding = 1e-12;

    /// <summary>
    /// Null where all features have a penalty, or labels are smoothed so that every direction harms some row, or no such direction is
    /// found.
    /// </summary>
    /// <param name="closing">Complete sums of the closing pass over the training part.</param>
    public static Separation? Of(DatasetManifest manifest, PenalizedObjective objective, EvaluationSums closing) =>
        objective.Penalty.IsOnAllFeatures || objective.Targets.LabelSmoothing > 0 ? null
        : objective.Penalty.IsNone && GivesEachRowItsClass(closing) ? Complete
        : FeatureThatAClassNeverHas(manifest, objective.Penalty);

    /// <summary>Rows of two classes at least have weight, so that not all margins can be 0.</summary>
    static bool GivesEachRowItsClass(EvaluationSums closing)
    {
        var classCount = closing.Shape.ClassCount;
        for (var i = 0; i < closing.Confusion.Length; i++)
        {
            if (i / classCount != i % classCount && closing.Confusion[i] != 0) return false;
        }
        return true;
    }

    static Separation? FeatureThatAClassNeverHas(DatasetManifest manifest, Penalty penalty)
    {
        for (var d = 0; d < manifest.FeatureCount; d++)
        {
            var isNowhereNegative = manifest.Sums[d] >= manifest.AbsoluteSums[d] * (1 - Rounding);
            if (!isNowhereNegative || manifest.Sums[d] == 0 || penalty.IsOn(d)) continue;
            for (var k = 0; k < manifest.ClassCount; k++)
            {
                if (manifest.ClassFeatureSums[k * manifest.FeatureCount + d] == 0) return new Separation(d, k);
            }
        }
        return null;
    }
}

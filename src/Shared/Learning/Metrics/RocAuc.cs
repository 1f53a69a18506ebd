namespace DistTrain.Learning.Metrics;

/// <summary>The area under the ROC curve of a score in bins.</summary>
/// <remarks>
/// It is the chance that a row of the class, drawn by weight, has a higher score than one of the others; equal scores count half. Two
/// rows in one bin count half as well, so equal scores are exact, and the area is off by at most half the chance that both fall in one bin:
///   |AUC − exact| ≤ ½ Σ_b (own_b / own) · (others_b / others).
/// </remarks>
public static class RocAuc
{
    /// <summary>Null where the class has no rows, or the others have none.</summary>
    /// <param name="own">Weight of the class's rows in each bin, scores rising; integers of any scale, sum at most 2⁶².</param>
    /// <param name="others">Weight of the other rows, likewise.</param>
    public static double? Of(ReadOnlySpan<long> own, ReadOnlySpan<long> others)
    {
        // Twice the weight of ordered pairs, exactly: products of two sums of at most 2⁶² fit in 127 bits.
        var (pairs, ownSum, othersSum) = (Int128.Zero, 0L, 0L);
        for (var b = 0; b < own.Length; b++)
        {
            if (own[b] != 0) pairs += (Int128)own[b] * (2 * (Int128)othersSum + others[b]);
            ownSum += own[b];
            othersSum += others[b];
        }
        return ownSum > 0 && othersSum > 0 ? (double)pairs / (double)(2 * (Int128)ownSum * othersSum) : null;
    }
}

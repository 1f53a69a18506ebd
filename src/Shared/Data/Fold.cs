namespace DistTrain.Data;

/// <summary>
/// One division of the training rows in cross-validation: fold
/// <paramref name="Index"/> of <paramref name="Count"/> validates, the others train.
/// </summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">At least 2.</param>
public readonly record struct Fold(int Index, int Count)
{
    /// <summary>The divisions of one cross-validation.</summary>
    public static IEnumerable<Fold> All(int count) => Enumerable.Range(0, count).Select(index => new Fold(index, count));
}

using DistTrain.Protocol;

namespace DistTrain.Node.Blocks;

/// <summary>Who has the weights that workers ask for by feature. Several requests may ask at once.</summary>
public interface IWeightSupplier
{
    /// <summary>The weights of some features at one version. Changes nothing.</summary>
    /// <param name="features">As they came from outside: any numbers.</param>
    /// <param name="weights">Gets [n][K]; its length is what was asked for from outside, and may fit no model.</param>
    /// <returns>False where that version is not the current one, or no such features or classes are in it.</returns>
    bool TryRead(RunId run, Term term, long version, ReadOnlySpan<int> features, Span<double> weights);
}

namespace DistTrain.Learning;

/// <summary>Who gives weights to those who ask for them by feature; several threads may ask.</summary>
public interface IWeightSource
{
    /// <summary>The weights of some features. Changes nothing.</summary>
    /// <param name="features">n held features, in any order; D stands for the intercepts.</param>
    /// <param name="weights">Gets [n][K].</param>
    void Read(ReadOnlySpan<int> features, Span<double> weights);
}

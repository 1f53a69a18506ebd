namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>A gradient by features in parts, which threads take as they come; zero where no feature is named.</summary>
/// <remarks>
/// Which features a part holds depends on the gradient alone, never on who summed it: what steps add up, part after part, is the
/// same for any number of workers and threads. Features of a part come before those of the next.
/// </remarks>
public interface IGradientParts
{
    int PartCount { get; }

    /// <summary>A part, made when it is asked for; the one who asked may overwrite it. Several threads may ask for different parts.</summary>
    /// <param name="part">From 0 to <see cref="PartCount"/> − 1.</param>
    FeatureGradient PartAt(int part);
}

/// <summary>Gradients of some features.</summary>
/// <param name="Features">n features, ascending; D stands for the intercepts.</param>
/// <param name="Values">[n][lanes], lanes being K rounded up to a multiple of four (<see cref="FeatureStore.LanesOf"/>); 0 beyond K.</param>
public readonly record struct FeatureGradient(ReadOnlyMemory<int> Features, Memory<double> Values);

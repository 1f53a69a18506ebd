using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Where the features of a laid out store lie: a value that a loop over features keeps in registers.</summary>
/// <param name="first">The first feature's numbers.</param>
/// <param name="stride">Numbers from one feature to the next: whole cache lines.</param>
/// <param name="count">D + 1.</param>
readonly unsafe struct FeatureLines(double* first, nint stride, int count)
{
    /// <summary>Features that are fetched before they are needed: as many lines as a processor has under way at once.</summary>
    const int FeaturesAhead = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* At(int feature)
    {
        if ((uint)feature >= (uint)count) ThrowUnknown(feature);
        return first + feature * stride;
    }

    /// <summary>Whether a feature is the intercepts.</summary>
    public bool IsLast(int feature) => feature == count - 1;

    /// <summary>
    /// Asks for the memory of the feature that is to be read some places later, at the first place for all before it. Saves time only.
    /// </summary>
    /// <param name="features">The features as they are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FetchAfter(ReadOnlySpan<int> features, int place)
    {
        if (!Sse.IsSupported) return;
        if (place == 0) FetchFirst(first, stride, features);
        if (place + FeaturesAhead < features.Length) Fetch(first + features[place + FeaturesAhead] * stride, stride);
    }

    /// <summary>Static, so that a loop's value of this structure may stay in registers.</summary>
    static void FetchFirst(double* first, nint stride, ReadOnlySpan<int> features)
    {
        foreach (var feature in features[..Math.Min(FeaturesAhead, features.Length)]) Fetch(first + feature * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(double* own, nint stride)
    {
        for (nint line = 0; line < stride; line += FeatureStore.LineNumbers) Sse.Prefetch0(own + line);
    }

    static void ThrowUnknown(int feature) => throw new ArgumentOutOfRangeException(nameof(feature), feature, "There is no such feature.");
}

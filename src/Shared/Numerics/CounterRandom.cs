namespace DistTrain.Numerics;

/// <summary>
/// A counter-based generator: number n of stream (seed, stream) is a pure function of the three, so any point of any stream can be
/// had at once, on any machine, in any order.
/// </summary>
/// <remarks>
/// The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// </remarks>
public struct CounterRandom(ulong seed, ulong stream)
{
    const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    readonly ulong _key = Mix(Mix(seed + GoldenGamma) ^ (stream * 0xD1342543DE82EF95 + GoldenGamma));
    ulong _counter;

    /// <summary>Number <paramref name="counter"/> of stream (<paramref name="seed"/>, <paramref name="stream"/>).</summary>
    public static ulong At(ulong seed, ulong stream, ulong counter) => new CounterRandom(seed, stream).At(counter);

    /// <summary>Number <paramref name="counter"/> of the stream, wherever it stands.</summary>
    public readonly ulong At(ulong counter) => Mix(_key + GoldenGamma * (counter + 1));

    public ulong NextUInt64() => Mix(_key + GoldenGamma * ++_counter);

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="bound"/> − 1; the bias is below bound/2⁶⁴.</summary>
    public int NextInt32(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>Standard normal, by Box and Muller (1958).</summary>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * PinnedMath.Log(1 - NextDouble()));
        return radius * PinnedMath.CosOfTurns(NextDouble());
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

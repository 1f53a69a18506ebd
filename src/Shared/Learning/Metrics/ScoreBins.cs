namespace DistTrain.Learning.Metrics;

/// <summary>65,536 fixed bins of probabilities, fine where probabilities are close to 0 or to 1: what a ranking is counted in.</summary>
/// <remarks>
/// With u the smaller of p and 1 − p (exact in double for p ≥ ½), each half has 64 octaves of u, [2⁻⁶⁵, ½], of 512 equal bins; what lies
/// below shares the last bin with it. So two probabilities in one bin differ in u by less than one part in 512, and in logit by less than
/// 0.004; bins rise with p. The number of a bin is bits of the double: no rounding, the same on every machine.
/// </remarks>
public static class ScoreBins
{
    public const int Count = 65_536;

    const int Half = Count / 2;

    /// <summary>Bits of a double's mantissa below the nine that count.</summary>
    const int DroppedBits = 52 - 9;

    /// <summary>Exponent and first nine bits of the mantissa of 2⁻⁶⁵.</summary>
    const long Smallest = (1023L - 65) << 9;

    /// <summary>The bin of a probability in [0, 1].</summary>
    public static int Of(double probability) => probability < 0.5 ? OfSmall(probability) : Count - 1 - OfSmall(1 - probability);

    /// <summary>Bins of [0, ½].</summary>
    static int OfSmall(double u) => (int)Math.Clamp((BitConverter.DoubleToInt64Bits(u) >> DroppedBits) - Smallest, 0, Half - 1);
}

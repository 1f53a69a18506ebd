namespace DistTrain.Learning.Metrics;

/// <summary>65,536 fixed bins of probabilities: what a ranking is counted in.</summary>
/// <remarks>
/// With u the smaller of p and 1 − p (exact in double for p ≥ ½), bins are equal within an octave of u, and their number falls with
/// its distance from ½, so that no octave takes more than it needs where few probabilities lie:
///   octaves below ½     1      2, 3    4, 5    6 … 9   10 … 17   18 … 33
///   bins of each        8192   4096    2048    1024    512       256
/// Smaller u, below 2⁻³⁴ = 6·10⁻¹¹, share the outermost bin. So a bin is at most 3.1·10⁻⁵ wide, and down to that u less than one part in
/// 256 of u; bins rise with p. The number of a bin is bits of the double: no rounding, the same on every machine.
/// </remarks>
public static class ScoreBins
{
    public const int Count = 65_536;

    const int Half = Count / 2;
    const int OctaveCount = 33;
    const int MantissaBits = 52;
    const long MantissaMask = (1L << MantissaBits) - 1;
    const int ExponentBias = 1023;

    /// <summary>For each octave from 1, the number of its first bin.</summary>
    static readonly int[] FirstBins = FirstBinsOf();

    /// <summary>The bin of a probability in [0, 1].</summary>
    public static int Of(double probability) => probability < 0.5 ? OfSmall(probability) : Count - 1 - OfSmall(1 - probability);

    /// <summary>Bins of [0, ½]; ½ itself belongs to the last.</summary>
    static int OfSmall(double u)
    {
        if (u >= 0.5) return Half - 1;
        var bits = BitConverter.DoubleToInt64Bits(u);
        var octave = ExponentBias - 1 - (int)(bits >> MantissaBits);
        return octave is >= 1 and <= OctaveCount
            ? FirstBins[octave] + (int)((bits & MantissaMask) >> (MantissaBits - BitsOf(octave)))
            : 0;
    }

    /// <summary>log₂ of the number of bins of an octave.</summary>
    static int BitsOf(int octave) => octave switch
    {
        1 => 13,
        <= 3 => 12,
        <= 5 => 11,
        <= 9 => 10,
        <= 17 => 9,
        _ => 8,
    };

    static int[] FirstBinsOf()
    {
        var first = new int[OctaveCount + 1];
        for (var octave = OctaveCount; octave > 1; octave--) first[octave - 1] = first[octave] + (1 << BitsOf(octave));
        return first;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Numerics;

/// <summary>
/// exp, log and cos made of IEEE operations alone, so that they give the same bits on every machine with hardware FMA.
/// </summary>
/// <remarks>
/// The C library's versions differ between operating systems and processors; these do not. Reductions of the
/// single-precision functions and the logarithm's coefficients follow Cephes (S. Moshier, <c>expf.c</c>, <c>logf.c</c>); the double-precision
/// ones use plain series long enough for the reduced argument. Errors: about 1 ulp for Exp and ExpToOne, 2 ulp for Log, 1e-16 absolute for CosOfTurns.
/// </remarks>
public static class PinnedMath
{
    const float Log2OfE = 1.44269504f;
    const float Ln2High = 0.693359375f;
    const float Ln2Low = -2.12194440e-4f;
    const float RoundingMagic = 12582912f; // 1.5 · 2²³: adding and subtracting it rounds to the nearest integer, ties to even.
    const float SmallestExponent = -87.3365f;

    const double Log2OfEDouble = 1.4426950408889634;
    const double Ln2HighDouble = 0.69314718036912382;
    const double Ln2LowDouble = 1.9082149292705877e-10;
    const double SmallestExponentDouble = -745.13321910194122;
    const double LargestExponentDouble = 709.78271289338397;
    const double SmallestNormalExponentDouble = -708;
    const double RoundingMagicDouble = 1.5 * (1L << 52); // As for floats: integers in the low bits.
    const double SmallestNormal = 2.2250738585072014e-308;
    const double TwoTo54 = 1L << 54;
    const long MantissaBits = (1L << 52) - 1;
    const long HalfBits = 1022L << 52;
    const double SqrtHalf = 0.70710678118654752;

    /// <summary>e^x for eight lanes of numbers up to 0. Below −87.3365 the result is 0; NaN stays NaN.</summary>
    /// <remarks>
    /// Of the polynomials 1 + r + c₂r² + … + c₆r⁶ for |r| ≤ ½ ln 2 the one whose largest relative error, 4e-9, is the least: less than a
    /// float can tell.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ExpToOne(Vector256<float> x)
    {
        var underflow = Vector256.LessThan(x, Vector256.Create(SmallestExponent));
        var clamped = Vector256.ConditionalSelect(underflow, Vector256.Create(SmallestExponent), x);

        var magic = Vector256.Create(RoundingMagic);
        var shifted = Vector256.FusedMultiplyAdd(clamped, Vector256.Create(Log2OfE), magic);
        var power = shifted - magic;
        var r = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2High), clamped);
        r = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2Low), r);

        var p = Vector256.Create(1.3814602280e-3f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3687156439e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1668388993e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666521132e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.9999994040e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);

        // The low bits of the shifted value hold the rounded power: move them into the exponent field.
        var scale = Vector256.ShiftLeft(shifted.AsInt32(), 23);
        return Vector256.AndNot((p.AsInt32() + scale).AsSingle(), underflow);
    }

    /// <summary>Natural logarithm for eight lanes of positive, normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        var bits = x.AsInt32();
        var exponent = Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(bits, 23) - Vector256.Create(126));
        var mantissa = ((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F000000)).AsSingle(); // [0.5, 1)

        var small = Vector256.LessThan(mantissa, Vector256.Create(0.707106781f));
        exponent -= Vector256.ConditionalSelect(small, Vector256<float>.One, Vector256<float>.Zero);
        mantissa += Vector256.ConditionalSelect(small, mantissa, Vector256<float>.Zero);
        mantissa -= Vector256<float>.One;

        var square = mantissa * mantissa;
        var p = Vector256.Create(7.0376836292e-2f);
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(-1.1514610310e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(1.1676998740e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(-1.2420140846e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(1.4249322787e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(-1.6668057665e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(2.0000714765e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(-2.4999993993e-1f));
        p = Vector256.FusedMultiplyAdd(p, mantissa, Vector256.Create(3.3333331174e-1f));
        var y = p * mantissa * square;
        y = Vector256.FusedMultiplyAdd(exponent, Vector256.Create(Ln2Low), y);
        y = Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), y);
        return Vector256.FusedMultiplyAdd(exponent, Vector256.Create(Ln2High), mantissa + y);
    }

    /// <summary>e^x. 0 below −745, +∞ above 709.78; NaN stays NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > LargestExponentDouble) return double.PositiveInfinity;
        if (x < SmallestExponentDouble) return 0;

        var power = Math.Round(x * Log2OfEDouble);
        var r = Math.FusedMultiplyAdd(power, -Ln2HighDouble, x);
        r = Math.FusedMultiplyAdd(power, -Ln2LowDouble, r);

        // Taylor to r¹³; |r| ≤ ln2/2 leaves 4e-18.
        var p = 1.0 / 6227020800;
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 479001600);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 39916800);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 3628800);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 362880);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 40320);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 5040);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 720);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 120);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 24);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 6);
        p = Math.FusedMultiplyAdd(p, r, 0.5);
        p = Math.FusedMultiplyAdd(p, r * r, r);

        // In two factors, so that neither leaves the normal numbers; only the second product can round.
        var half = (int)power >> 1;
        return (1 + p) * PowerOfTwo(half) * PowerOfTwo((int)power - half);
    }

    /// <summary>e^x for four lanes: the bits of the scalar form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        var power = Vector256.Round(x * Log2OfEDouble);
        var r = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2HighDouble), x);
        r = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2LowDouble), r);

        var p = Vector256.Create(1.0 / 6227020800);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 479001600));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 39916800));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 3628800));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 362880));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 40320));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 5040));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 720));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 120));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 24));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 6));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.5));
        p = Vector256.FusedMultiplyAdd(p, r * r, r);

        var half = Vector256.Floor(power * 0.5);
        var result = (Vector256<double>.One + p) * PowerOfTwo(half) * PowerOfTwo(power - half);
        result = Vector256.AndNot(result, Vector256.LessThan(x, Vector256.Create(SmallestExponentDouble)));
        return Vector256.ConditionalSelect(
            Vector256.GreaterThan(x, Vector256.Create(LargestExponentDouble)), Vector256.Create(double.PositiveInfinity), result);
    }

    /// <summary>e^x for four lanes of numbers up to 0. Below −708 the result is 0; NaN stays NaN.</summary>
    /// <remarks>
    /// About 1 ulp, in half the instructions of <see cref="Exp(Vector256{double})"/>. Even and odd powers are summed side by side: one after
    /// the other, thirteen terms take longer than all the rest.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ExpToOne(Vector256<double> x)
    {
        var magic = Vector256.Create(RoundingMagicDouble);
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2OfEDouble), magic);
        var power = shifted - magic;
        var r = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2HighDouble), x);
        r = Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2LowDouble), r);
        var square = r * r;

        var even = Vector256.Create(1.0 / 479001600);
        even = Vector256.FusedMultiplyAdd(even, square, Vector256.Create(1.0 / 3628800));
        even = Vector256.FusedMultiplyAdd(even, square, Vector256.Create(1.0 / 40320));
        even = Vector256.FusedMultiplyAdd(even, square, Vector256.Create(1.0 / 720));
        even = Vector256.FusedMultiplyAdd(even, square, Vector256.Create(1.0 / 24));
        even = Vector256.FusedMultiplyAdd(even, square, Vector256.Create(0.5));
        var odd = Vector256.Create(1.0 / 6227020800);
        odd = Vector256.FusedMultiplyAdd(odd, square, Vector256.Create(1.0 / 39916800));
        odd = Vector256.FusedMultiplyAdd(odd, square, Vector256.Create(1.0 / 362880));
        odd = Vector256.FusedMultiplyAdd(odd, square, Vector256.Create(1.0 / 5040));
        odd = Vector256.FusedMultiplyAdd(odd, square, Vector256.Create(1.0 / 120));
        odd = Vector256.FusedMultiplyAdd(odd, square, Vector256.Create(1.0 / 6));
        var p = Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(odd, r, even), square, r);

        // The low bits of the shifted value hold the rounded power: move them into the exponent field.
        var scaled = ((Vector256<double>.One + p).AsInt64() + Vector256.ShiftLeft(shifted.AsInt64(), 52)).AsDouble();
        return Vector256.AndNot(scaled, Vector256.LessThan(x, Vector256.Create(SmallestNormalExponentDouble)));
    }

    /// <summary>Natural logarithm. −∞ at 0, NaN below, +∞ at +∞.</summary>
    public static double Log(double x)
    {
        if (!(x > 0)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x)) return x;

        var isSmall = x < SmallestNormal;
        var bits = BitConverter.DoubleToInt64Bits(isSmall ? x * TwoTo54 : x);
        var exponent = (int)(bits >> 52) - (isSmall ? 1022 + 54 : 1022);
        var mantissa = BitConverter.Int64BitsToDouble((bits & MantissaBits) | HalfBits); // [0.5, 1)
        if (mantissa < SqrtHalf)
        {
            mantissa *= 2;
            exponent--;
        }

        // log m = 2·artanh(s), s = (m−1)/(m+1), |s| ≤ 0.1716.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var p = 1.0 / 23;
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 21);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 19);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 17);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 15);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 13);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 11);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 9);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 7);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 5);
        p = Math.FusedMultiplyAdd(p, square, 1.0 / 3);
        var logOfMantissa = Math.FusedMultiplyAdd(2 * s * square, p, 2 * s);
        return Math.FusedMultiplyAdd(exponent, Ln2HighDouble, Math.FusedMultiplyAdd(exponent, Ln2LowDouble, logOfMantissa));
    }

    /// <summary>Natural logarithm for four lanes of positive, finite numbers: the bits of the scalar form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        var isSmall = Vector256.LessThan(x, Vector256.Create(SmallestNormal));
        var bits = Vector256.ConditionalSelect(isSmall, x * TwoTo54, x).AsInt64();
        var magic = Vector256.Create(RoundingMagicDouble);
        var exponent = (Vector256.ShiftRightLogical(bits, 52) + magic.AsInt64()).AsDouble() - magic
            - Vector256.ConditionalSelect(isSmall, Vector256.Create(1022.0 + 54), Vector256.Create(1022.0));
        var mantissa = ((bits & Vector256.Create(MantissaBits)) | Vector256.Create(HalfBits)).AsDouble(); // [0.5, 1)
        var low = Vector256.LessThan(mantissa, Vector256.Create(SqrtHalf));
        mantissa = Vector256.ConditionalSelect(low, mantissa + mantissa, mantissa);
        exponent -= low & Vector256<double>.One;

        var s = (mantissa - Vector256<double>.One) / (mantissa + Vector256<double>.One);
        var square = s * s;
        var p = Vector256.Create(1.0 / 23);
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 21));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 19));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 17));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 15));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 13));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 11));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 9));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 7));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 5));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.0 / 3));
        var twice = s + s;
        var logOfMantissa = Vector256.FusedMultiplyAdd(twice * square, p, twice);
        var rest = Vector256.FusedMultiplyAdd(exponent, Vector256.Create(Ln2LowDouble), logOfMantissa);
        return Vector256.FusedMultiplyAdd(exponent, Vector256.Create(Ln2HighDouble), rest);
    }

    /// <summary>cos(2π·<paramref name="turns"/>) for turns in [0, 1].</summary>
    public static double CosOfTurns(double turns)
    {
        // Fold to an eighth of a turn, where either series needs few terms.
        var t = Math.Abs(turns - Math.Round(turns));
        if (t > 0.25) return -CosOfTurns(0.5 - t);
        return t <= 0.125 ? CosSeries(t * (2 * Math.PI)) : SinSeries((0.25 - t) * (2 * Math.PI));
    }

    /// <summary>2^n, n from −1022 to 1023.</summary>
    static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((n + 1023L) << 52);

    /// <summary>2^n of whole numbers n from −1022 to 1023; others give anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> PowerOfTwo(Vector256<double> n) =>
        Vector256.ShiftLeft((n + Vector256.Create(RoundingMagicDouble)).AsInt64() + Vector256.Create(1023L), 52).AsDouble();

    static double CosSeries(double a)
    {
        var s = -a * a;
        var p = 1.0 / 20922789888000;
        foreach (var factorial in (ReadOnlySpan<double>)[87178291200, 479001600, 3628800, 40320, 720, 24, 2])
            p = Math.FusedMultiplyAdd(p, s, 1 / factorial);
        return Math.FusedMultiplyAdd(p, s, 1);
    }

    static double SinSeries(double a)
    {
        var s = -a * a;
        var p = 1.0 / 1307674368000;
        foreach (var factorial in (ReadOnlySpan<double>)[6227020800, 39916800, 362880, 5040, 120, 6])
            p = Math.FusedMultiplyAdd(p, s, 1 / factorial);
        return a * Math.FusedMultiplyAdd(p, s, 1);
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace DistTrain.Data.Tables.Parsing;

/// <summary>Numbers in text (UTF-16 or bytes of UTF-8), to the nearest double, whatever the machine and its settings.</summary>
/// <remarks>
/// Short decimals take a fast path: with at most 2⁵³ in the digits and a power of ten up to 10²², both are exact doubles and one division
/// or multiplication rounds correctly (Clinger, "How to read floating point numbers accurately", PLDI 1990). The rest goes to the
/// runtime's parser, which is correctly rounded for any length.
/// </remarks>
static class DecimalText
{
    const ulong ExactDigitsMax = 1UL << 53;

    static readonly double[] ExactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>What a whole cell is. White space around a number is allowed; thousands separators are not.</summary>
    public static NumberKind Read(ReadOnlySpan<char> text, out double value)
    {
        if (TryReadPrefix(text, out value, out var length) && length == text.Length) return NumberKind.Finite;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return double.IsFinite(value) ? NumberKind.Finite : NumberKind.NotFinite;
        var trimmed = text.Trim();
        return IsWordOfInfinity(trimmed) ? NumberKind.NotFinite : trimmed.IsEmpty ? NumberKind.Empty : NumberKind.Text;
    }

    /// <summary>What a token of UTF-8 is, without white space around it.</summary>
    public static NumberKind Read(ReadOnlySpan<byte> token, out double value)
    {
        if (TryReadPrefix(token, out value, out var length) && length == token.Length) return NumberKind.Finite;
        if (token.IsEmpty) return NumberKind.Empty;
        if (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return double.IsFinite(value) ? NumberKind.Finite : NumberKind.NotFinite;
        return IsWordOfInfinity(System.Text.Encoding.Latin1.GetString(token)) ? NumberKind.NotFinite : NumberKind.Text;
    }

    /// <summary>
    /// The longest start of <paramref name="text"/> that is a plain decimal (sign, digits, point, digits), if the fast path rounds it
    /// correctly.
    /// </summary>
    /// <typeparam name="T"><see cref="char"/> or <see cref="byte"/>.</typeparam>
    /// <param name="length">Characters read. What follows them is the caller's to judge: an exponent is not read here.</param>
    public static bool TryReadPrefix<T>(ReadOnlySpan<T> text, out double value, out int length)
        where T : unmanaged
    {
        var at = 0;
        var sign = text.Length > 0 ? CodeAt(text, 0) : 0;
        if (sign is '-' or '+') at++;

        var first = at;
        var digits = ReadDigits(text, ref at, 0);
        var digitCount = at - first;
        var decimals = 0;
        if (at < text.Length && CodeAt(text, at) == '.')
        {
            first = ++at;
            digits = ReadDigits(text, ref at, digits);
            decimals = at - first;
        }

        (value, length) = (0, at);
        // Nineteen digits fit 64 bits, so no overflow has been missed where the count is no larger.
        if (digitCount + decimals is 0 or > 19 || digits > ExactDigitsMax) return false;
        value = decimals == 0 ? digits : digits / ExactPowersOfTen[decimals];
        if (sign == '-') value = -value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong ReadDigits<T>(ReadOnlySpan<T> text, ref int at, ulong digits)
        where T : unmanaged
    {
        var i = at;
        for (; i < text.Length; i++)
        {
            var digit = CodeAt(text, i) - '0';
            if (digit > 9) break;
            digits = digits * 10 + digit;
        }
        at = i;
        return digits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint CodeAt<T>(ReadOnlySpan<T> text, int index)
        where T : unmanaged =>
        typeof(T) == typeof(byte) ? Unsafe.BitCast<T, byte>(text[index]) : Unsafe.BitCast<T, char>(text[index]);

    static bool IsWordOfInfinity(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[0] is '+' or '-') text = text[1..];
        return text.Equals("nan", StringComparison.OrdinalIgnoreCase)
            || text.Equals("inf", StringComparison.OrdinalIgnoreCase)
            || text.Equals("infinity", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What a cell holds, read as a number.</summary>
enum NumberKind
{
    Finite,

    /// <summary>NaN, an infinity, or a number beyond the range of double.</summary>
    NotFinite,

    /// <summary>Nothing, or white space alone.</summary>
    Empty,

    /// <summary>Anything else.</summary>
    Text,
}

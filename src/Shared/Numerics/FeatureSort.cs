using System.Buffers;

namespace DistTrain.Numerics;

/// <summary>The order of numbers that occur in great count and small range: a stable radix sort.</summary>
public static class FeatureSort
{
    const int DigitBits = 11;
    const int DigitCount = 1 << DigitBits;

    /// <summary>Fewer keys are sorted by comparison: passes over all digits would cost more.</summary>
    const int RadixMin = 512;

    /// <summary>
    /// Fills <paramref name="order"/> with the places of the keys, smallest key first, equal keys in the order of their places.
    /// </summary>
    /// <param name="keys">At least 0.</param>
    /// <param name="order">As long as the keys.</param>
    public static void Order(ReadOnlySpan<int> keys, Span<int> order)
    {
        if (keys.Length < RadixMin) OrderByComparison(keys, order);
        else OrderByDigits(keys, order);
    }

    static void OrderByComparison(ReadOnlySpan<int> keys, Span<int> order)
    {
        Span<long> places = stackalloc long[RadixMin];
        places = places[..keys.Length];
        for (var i = 0; i < keys.Length; i++) places[i] = (long)keys[i] << 32 | (uint)i;
        places.Sort();
        for (var i = 0; i < keys.Length; i++) order[i] = (int)places[i];
    }

    static void OrderByDigits(ReadOnlySpan<int> keys, Span<int> order)
    {
        var rented = ArrayPool<int>.Shared.Rent(keys.Length);
        var other = rented.AsSpan(0, keys.Length);
        var largest = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            order[i] = i;
            largest = Math.Max(largest, keys[i]);
        }

        var from = order;
        var to = other;
        var isInOrder = true;
        for (var shift = 0; shift < 31 && largest >> shift > 0; shift += DigitBits)
        {
            PlaceByDigit(keys, shift, from, to);
            var swapped = from;
            from = to;
            to = swapped;
            isInOrder = !isInOrder;
        }
        if (!isInOrder) other.CopyTo(order);
        ArrayPool<int>.Shared.Return(rented);
    }

    static void PlaceByDigit(ReadOnlySpan<int> keys, int shift, ReadOnlySpan<int> from, Span<int> to)
    {
        Span<int> next = stackalloc int[DigitCount];
        next.Clear();
        foreach (var place in from) next[keys[place] >> shift & (DigitCount - 1)]++;

        var start = 0;
        foreach (ref var count in next) (count, start) = (start, start + count);
        foreach (var place in from) to[next[keys[place] >> shift & (DigitCount - 1)]++] = place;
    }
}

using System.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// Long arrays of sums that nobody reads any more, for the next sums of the same length: to clear one takes a fraction of what the system
/// takes to find memory for a new one. For all threads of the process.
/// </summary>
/// <remarks>
/// Whoever gives an array has no other reference to it that is ever used again (<see cref="EvaluationSums.Recycle"/>). A few are kept, those of the
/// length last given: as many as one evaluation of two workers has.
/// </remarks>
static class SpareNumbers
{
    /// <summary>Shorter ones are no burden: from 85,000 bytes on, arrays belong to the oldest generation at once.</summary>
    public const int LengthMin = 85_000 / sizeof(long);

    const int CountMax = 3;

    static readonly Lock Guard = new();
    static readonly List<long[]> Spare = [];

    /// <summary>A length of at least <paramref name="length"/>, at most an eighth more, that others of about this length have too.</summary>
    public static int RoundedUp(int length)
    {
        if (length < LengthMin) return length;
        var step = 1 << (BitOperations.Log2((uint)length) - 3);
        return (int)Math.Min(Array.MaxLength, ((long)length + step - 1) / step * step);
    }

    /// <summary>Zeros; the caller's alone.</summary>
    public static long[] Take(int length)
    {
        if (TakeSpare(length) is not { } spare) return new long[length];
        Array.Clear(spare);
        return spare;
    }

    /// <summary>Gives an array away for good.</summary>
    public static void Give(long[] numbers)
    {
        if (numbers.Length < LengthMin) return;
        lock (Guard)
        {
            Spare.RemoveAll(other => other.Length != numbers.Length);
            if (Spare.Count < CountMax) Spare.Add(numbers);
        }
    }

    static long[]? TakeSpare(int length)
    {
        if (length < LengthMin) return null;
        lock (Guard)
        {
            if (Spare.FindLast(numbers => numbers.Length == length) is not { } found) return null;
            Spare.Remove(found);
            return found;
        }
    }
}

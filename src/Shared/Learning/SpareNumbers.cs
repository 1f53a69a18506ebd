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
    /// <summary>Shorter ones are no burden: 128 KiB.</summary>
    public const int LengthMin = 1 << 14;

    const int CountMax = 3;

    static readonly Lock Guard = new();
    static readonly List<long[]> Spare = [];

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

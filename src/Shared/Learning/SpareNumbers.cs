namespace DistTrain.Learning;

/// <summary>
/// Long arrays that nobody reads any more, for the next ones of the same length: to fill one takes a fraction of what the system takes to
/// find memory for a new one, and what is used again is not there twice until it is collected. For all threads of the process.
/// </summary>
/// <remarks>
/// Whoever gives an array has no other reference to it that is ever used again (<see cref="EvaluationSums.Recycle"/>,
/// <see cref="Optimizers.IOptimizer.LetGo"/>). A few of each kind are kept, those of the length last given.
/// </remarks>
static class SpareNumbers
{
    /// <summary>Shorter ones are no burden: 64 KiB of floats.</summary>
    public const int LengthMin = 1 << 14;

    /// <summary>As many as an evaluation of two workers has sums, or as one step leaves behind.</summary>
    const int CountMax = 3;

    /// <summary>Zeros; the caller's alone.</summary>
    public static T[] Take<T>(int length) where T : unmanaged
    {
        if (Spares<T>.Take(length) is not { } spare) return new T[length];
        Array.Clear(spare);
        return spare;
    }

    /// <summary>Any numbers; the caller's alone, who writes each before it is read.</summary>
    public static T[] TakeAny<T>(int length) where T : unmanaged =>
        Spares<T>.Take(length) ?? GC.AllocateUninitializedArray<T>(length);

    /// <summary>Gives an array away for good.</summary>
    public static void Give<T>(T[] numbers) where T : unmanaged => Spares<T>.Give(numbers);

    /// <summary>Keeps none any longer: what is made next is of other lengths.</summary>
    public static void Forget()
    {
        Spares<long>.Forget();
        Spares<double>.Forget();
        Spares<float>.Forget();
    }

    static class Spares<T> where T : unmanaged
    {
        static readonly Lock Guard = new();
        static readonly List<T[]> Kept = [];

        public static void Give(T[] numbers)
        {
            if (numbers.Length < LengthMin) return;
            lock (Guard)
            {
                Kept.RemoveAll(other => other.Length != numbers.Length);
                if (Kept.Count < CountMax) Kept.Add(numbers);
            }
        }

        public static T[]? Take(int length)
        {
            if (length < LengthMin) return null;
            lock (Guard)
            {
                if (Kept.FindLast(numbers => numbers.Length == length) is not { } found) return null;
                Kept.Remove(found);
                return found;
            }
        }

        public static void Forget()
        {
            lock (Guard) Kept.Clear();
        }
    }
}

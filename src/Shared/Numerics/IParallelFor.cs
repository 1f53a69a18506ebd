namespace DistTrain.Numerics;

/// <summary>Runs independent pieces of one computation, on one thread or on several.</summary>
/// <remarks>
/// What a piece computes must depend on its number alone, and pieces must write to places of their own: then the result is the same for any
/// number of threads, in any order.
/// </remarks>
public interface IParallelFor
{
    /// <summary>Most pieces that run at once, at least 1; for the sharing out of work, never for the cutting of it.</summary>
    int Degree { get; }

    /// <summary>
    /// Calls <paramref name="body"/> with 0 … <paramref name="count"/> − 1, each once, and returns when all have ended. The first exception
    /// that a piece throws is thrown here, after the others have ended; pieces not begun by then are left out.
    /// </summary>
    void Run(int count, Action<int> body);

    /// <summary>
    /// Has one long piece of work done beside what the caller does meanwhile, or, where there is one thread only, by who wants its result first.
    /// </summary>
    /// <param name="work">It must not run anything here itself. Where nobody wants its result any more, what it throws is lost.</param>
    /// <returns>Awaits the result, and throws what the work threw; to be asked as often as one likes.</returns>
    Func<T> Begin<T>(Func<T> work)
    {
        var result = new Lazy<T>(work);
        return () => result.Value;
    }
}

/// <summary>One piece after the other, on the caller's thread.</summary>
public sealed class SerialFor : IParallelFor
{
    public static readonly SerialFor Instance = new();

    SerialFor()
    {
    }

    public int Degree => 1;

    public void Run(int count, Action<int> body)
    {
        for (var i = 0; i < count; i++) body(i);
    }
}

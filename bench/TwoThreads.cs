using DistTrain.Node.Compute;
using DistTrain.Numerics;

namespace DistTrain.Bench;

/// <summary>Runs one piece of work on each of two threads, the caller's and one that waits between two works, and returns when both are done.</summary>
static class TwoThreads
{
    public const int Count = 2;

    static readonly ThreadedFor Threads = new(Count);

    public static IParallelFor Parallel => Threads;

    public static void Run(Action<int> work) => Threads.Run(Count, work);
}

namespace DistTrain.Bench;

/// <summary>Runs one piece of work on each of two threads of its own and waits for both.</summary>
static class TwoThreads
{
    public const int Count = 2;

    public static void Run(Action<int> work)
    {
        var threads = new Thread[Count];
        for (var i = 0; i < Count; i++)
        {
            var index = i;
            threads[i] = new Thread(() => work(index)) { IsBackground = true };
            threads[i].Start();
        }
        foreach (var thread in threads) thread.Join();
    }
}

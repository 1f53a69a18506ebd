namespace DistTrain.Node.CommandLine;

/// <summary>Where reading and writing are done: a thread of their own, so that a signal is answered whatever they are busy with.</summary>
static class CommandThread
{
    /// <summary>What work that heeds the signal gets to leave things tidy.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>The result of <paramref name="work"/>.</summary>
    /// <exception cref="OperationCanceledException">The user stopped it; work that goes on dies with the process.</exception>
    public static async Task<T> Run<T>(Func<T> work, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Complete(completion, work)) { IsBackground = true, Name = "command" }.Start();
        try
        {
            return await completion.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAny(completion.Task, Task.Delay(Grace, CancellationToken.None));
            throw;
        }
    }

    static void Complete<T>(TaskCompletionSource<T> completion, Func<T> work)
    {
        try
        {
            completion.SetResult(work());
        }
        catch (Exception e)
        {
            completion.SetException(e);
        }
    }
}

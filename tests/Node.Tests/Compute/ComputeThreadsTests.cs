using DistTrain.Node.Compute;

namespace DistTrain.Node.Tests.Compute;

public class ComputeThreadsTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Work_runs_on_the_named_threads_and_not_on_the_pool()
    {
        using var threads = new ComputeThreads("crew", 2);
        var (name, isPool) = await threads.Run(_ => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread)).WaitAsync(Deadline);
        Assert.StartsWith("crew-", name, StringComparison.Ordinal);
        Assert.False(isPool);
    }

    [Fact]
    public async Task As_many_jobs_run_at_once_as_there_are_threads()
    {
        using var threads = new ComputeThreads("crew", 3);
        using var together = new Barrier(3);
        var jobs = Enumerable.Range(0, 3).Select(_ => threads.Run(stopping => together.SignalAndWait(Deadline, stopping))).ToArray();
        Assert.All(await Task.WhenAll(jobs).WaitAsync(Deadline), Assert.True);
    }

    [Fact]
    public async Task One_thread_takes_jobs_in_the_order_given()
    {
        using var threads = new ComputeThreads("crew", 1);
        var order = new List<int>();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => threads.Run(_ => { order.Add(i); return i; }))).WaitAsync(Deadline);
        Assert.Equal(Enumerable.Range(0, 100), order);
    }

    [Fact]
    public async Task What_the_work_throws_is_the_failure_of_its_task_and_the_thread_lives_on()
    {
        using var threads = new ComputeThreads("crew", 1);
        var error = await Assert.ThrowsAsync<FormatException>(
            () => threads.Run<int>(_ => throw new FormatException("odd")).WaitAsync(Deadline));
        Assert.Equal("odd", error.Message);
        Assert.Equal(7, await threads.Run(_ => 7).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_full_queue_refuses_instead_of_blocking()
    {
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        using var threads = new ComputeThreads("crew", 1, queueCapacity: 1);
        var running = threads.Run(stopping => { started.Set(); return release.Wait(Deadline, stopping); });
        Assert.True(started.Wait(Deadline));
        var waiting = threads.Run(_ => 1);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => threads.Run(_ => 2).WaitAsync(Deadline));
        Assert.Equal("The queue of the compute threads is full.", error.Message);

        release.Set();
        Assert.True(await running.WaitAsync(Deadline));
        Assert.Equal(1, await waiting.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Disposal_cancels_what_runs_and_what_waits_and_refuses_what_comes()
    {
        using var started = new ManualResetEventSlim();
        var threads = new ComputeThreads("crew", 1);
        var running = threads.Run(stopping =>
        {
            started.Set();
            stopping.WaitHandle.WaitOne(Deadline);
            stopping.ThrowIfCancellationRequested();
            return 1;
        });
        var waiting = threads.Run(_ => 2);
        Assert.True(started.Wait(Deadline));
        threads.Dispose();
        threads.Dispose();

        await Assert.ThrowsAsync<TaskCanceledException>(() => running.WaitAsync(Deadline));
        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting.WaitAsync(Deadline));
        await Assert.ThrowsAsync<TaskCanceledException>(() => threads.Run(_ => 3).WaitAsync(Deadline));
    }

    [Fact]
    public void At_least_one_thread_is_needed() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComputeThreads("crew", 0));
}

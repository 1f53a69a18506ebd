using DistTrain.Node.Cluster;

namespace DistTrain.Node.Tests.Cluster;

/// <summary>Bytes that may be on their way at once.</summary>
public class FetchBudgetTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    readonly FetchBudget _budget = new(100);

    [Fact]
    public async Task What_fits_enters_at_once_and_what_does_not_waits_until_enough_is_given_back()
    {
        using var first = await EnterAsync(60);
        var second = _budget.EnterAsync(50, default);
        Assert.False(second.IsCompleted);

        first.Dispose();
        using var entered = await second.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Nobody_passes_one_who_waits()
    {
        using var first = await EnterAsync(60);
        var large = _budget.EnterAsync(90, default);
        var small = _budget.EnterAsync(10, default);
        Assert.False(small.IsCompleted);

        first.Dispose();
        using var enteredLarge = await large.WaitAsync(Deadline);
        using var enteredSmall = await small.WaitAsync(Deadline);
    }

    [Fact]
    public async Task More_than_the_whole_budget_is_fetched_alone()
    {
        var huge = await EnterAsync(1_000);
        var other = _budget.EnterAsync(1, default);
        Assert.False(other.IsCompleted);
        huge.Dispose();
        using var entered = await other.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_nobody_back()
    {
        using var first = await EnterAsync(60);
        using var stop = new CancellationTokenSource();
        var large = _budget.EnterAsync(90, stop.Token);
        var small = _budget.EnterAsync(10, default);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.WaitAsync(Deadline));
        using var entered = await small.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_share_is_given_back_once()
    {
        var first = await EnterAsync(100);
        first.Dispose();
        first.Dispose();
        using var second = await EnterAsync(100);
        Assert.False(_budget.EnterAsync(1, default).IsCompleted);
    }

    async Task<IDisposable> EnterAsync(long length) => await _budget.EnterAsync(length, default).WaitAsync(Deadline);
}

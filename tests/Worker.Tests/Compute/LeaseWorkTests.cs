using System.Collections.Concurrent;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Numerics;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Compute;
using DistTrain.Worker.Tests.Testing;

namespace DistTrain.Worker.Tests.Compute;

public class LeaseWorkTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public async Task A_lease_is_answered_by_one_contribution_of_all_its_shards(int threadCount)
    {
        var answers = await RunAsync(threadCount, Lease(uncombined: false), new StubComputer());
        var contribution = Assert.IsType<ContributionComputed>(Assert.Single(answers)).Contribution;
        Assert.Equal(ShardSet.UpTo(4), contribution.Shards);
        Assert.Equal((4, (WideInteger)0b1111), (contribution.Sums.RowCount, contribution.Sums.Loss));
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task An_uncombined_lease_is_answered_shard_by_shard(int threadCount)
    {
        var answers = await RunAsync(threadCount, Lease(uncombined: true), new StubComputer());
        var contributions = answers.Cast<ContributionComputed>().Select(answer => answer.Contribution).ToArray();
        Assert.Equal([0, 1, 2, 3], contributions.Select(contribution => Assert.Single(contribution.Shards).Index).Order());
        Assert.All(contributions, contribution => Assert.Equal(Int128.One << contribution.Shards.Single().Index, contribution.Sums.Loss));
    }

    [Theory, InlineData(false, 1), InlineData(false, 3), InlineData(true, 1), InlineData(true, 3)]
    public async Task A_shard_that_fails_is_reported_and_leaves_nothing_of_itself_in_the_other_sums(bool uncombined, int threadCount)
    {
        var answers = await RunAsync(threadCount, Lease(uncombined), new StubComputer(FailAtShardTwo));
        var failure = Assert.Single(answers.OfType<ComputeFailed>());
        Assert.Equal((ShardSet.Of(new ShardId(2)), "IOException: torn"), (failure.Shards, failure.Error));

        var contributions = answers.OfType<ContributionComputed>().Select(answer => answer.Contribution).ToArray();
        Assert.Equal((Int128)0b1011, contributions.Aggregate((Int128)0, (sum, contribution) => sum + contribution.Sums.Loss));
        Assert.Equal(3, contributions.Sum(contribution => contribution.Sums.RowCount));
        Assert.Equal(uncombined ? 3 : 1, contributions.Length);
    }

    [Theory, InlineData(0.3, 1), InlineData(0.6, 2), InlineData(2.0, 4)]
    public async Task Long_work_is_answered_in_instalments_of_at_least_a_second(double secondsPerShard, int answerCount)
    {
        var time = new SteppingTime();
        var computer = new StubComputer(_ => time.Advance(TimeSpan.FromSeconds(secondsPerShard)));
        using var threads = new ComputeThreads("test", 1);
        var answers = await RunAsync(threads, Lease(uncombined: false), computer, time: time);
        var contributions = answers.Cast<ContributionComputed>().Select(answer => answer.Contribution).ToArray();
        Assert.Equal(answerCount, contributions.Length);
        Assert.Equal(4, contributions.Sum(contribution => contribution.Shards.Count));
        Assert.Equal(ShardSet.UpTo(4), contributions.Aggregate(ShardSet.Empty, (all, contribution) => all.Union(contribution.Shards)));
        Assert.Equal((Int128)0b1111, contributions.Aggregate((Int128)0, (sum, contribution) => sum + contribution.Sums.Loss));
    }

    [Fact]
    public async Task Long_work_with_large_sums_only_says_that_it_goes_on()
    {
        var time = new SteppingTime();
        var computer = new StubComputer(_ => time.Advance(TimeSpan.FromSeconds(0.6)), featureCount: 20_000);
        using var threads = new ComputeThreads("test", 1);
        var answers = await RunAsync(threads, Lease(uncombined: false), computer, time: time);
        Assert.Equal(2, answers.OfType<WorkGoesOn>().Count());
        Assert.Equal(ShardSet.UpTo(4), Assert.Single(answers.OfType<ContributionComputed>()).Contribution.Shards);
    }

    [Fact]
    public async Task What_is_given_back_is_not_computed_and_what_is_begun_is_not_given_back()
    {
        LeaseWork? work = null;
        var (computed, given) = (new List<int>(), ShardSet.Empty);
        var answers = await RunAsync(
            1, Lease(uncombined: false), new StubComputer(shard =>
            {
                computed.Add(shard.Index);
                if (shard.Index == 1) given = work!.GiveBack(ShardSet.Of(new(0), new(1), new(2), new(9)));
            }), made => work = made);
        Assert.Equal(ShardSet.Of(new ShardId(2)), given);
        Assert.Equal([0, 1, 3], computed);
        Assert.Equal(
            ShardSet.UpTo(4).Except(given), Assert.IsType<ContributionComputed>(Assert.Single(answers)).Contribution.Shards);
    }

    [Fact]
    public async Task Where_every_shard_fails_there_is_no_contribution()
    {
        var answers = await RunAsync(2, Lease(uncombined: false), new StubComputer(_ => throw new IOException("torn")));
        Assert.Equal(4, answers.Count);
        Assert.All(answers, answer => Assert.IsType<ComputeFailed>(answer));
    }

    [Fact]
    public async Task Work_of_a_closed_evaluation_stops_between_shards()
    {
        LeaseWork? work = null;
        var computed = 0;
        var answers = await RunAsync(
            1, Lease(uncombined: true), new StubComputer(_ => { computed++; work!.Close(); }), made => work = made);
        Assert.Equal((1, 1), (computed, answers.Count));
    }

    [Fact]
    public async Task A_lane_that_breaks_off_costs_only_the_shards_that_it_had()
    {
        // The time is read first by each lane, then after each shard: the second reading of one lane fails, with its first shard in its
        // sums.
        using var bothBegun = new Barrier(2);
        var computer = new StubComputer(shard => { if (shard.Index < 2) bothBegun.SignalAndWait(Deadline); });
        using var threads = new ComputeThreads("test", 2);
        var answers = await RunAsync(threads, Lease(uncombined: false), computer, time: new BreakingTime(reading: 3));

        var failure = Assert.Single(answers.OfType<ComputeFailed>());
        var contribution = Assert.Single(answers.OfType<ContributionComputed>()).Contribution;
        Assert.Equal(("DT9001", 1), (failure.Problem?.Code, failure.Shards.Count));
        Assert.Equal(ShardSet.UpTo(4).Except(failure.Shards), contribution.Shards);
        Assert.Equal(contribution.Shards.Aggregate((Int128)0, (sum, shard) => sum + (Int128.One << shard.Index)), contribution.Sums.Loss);
    }

    [Fact]
    public async Task Where_no_thread_can_take_it_the_shards_fail()
    {
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        using var threads = new ComputeThreads("busy", 1, queueCapacity: 1);
        var running = threads.Run(stopping => { started.Set(); return release.Wait(Deadline, stopping); });
        Assert.True(started.Wait(Deadline));
        var waiting = threads.Run(_ => 0);

        var answers = await RunAsync(threads, Lease(uncombined: false), new StubComputer());
        var failure = Assert.IsType<ComputeFailed>(Assert.Single(answers));
        Assert.Equal(ShardSet.UpTo(4), failure.Shards);
        Assert.Equal("InvalidOperationException: The queue of the compute threads is full.", failure.Error);
        release.Set();
        await Task.WhenAll(running, waiting).WaitAsync(Deadline);
    }

    static void FailAtShardTwo(ShardId shard)
    {
        if (shard.Index == 2) throw new IOException("torn");
    }

    static async Task<ConcurrentQueue<IEvaluationAnswer>> RunAsync(
        int threadCount, ComputeShards lease, StubComputer computer, Action<LeaseWork>? made = null)
    {
        using var threads = new ComputeThreads("test", threadCount);
        return await RunAsync(threads, lease, computer, made);
    }

    static async Task<ConcurrentQueue<IEvaluationAnswer>> RunAsync(
        ComputeThreads threads, ComputeShards lease, StubComputer computer, Action<LeaseWork>? made = null, TimeProvider? time = null)
    {
        var answers = new ConcurrentQueue<IEvaluationAnswer>();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = new LeaseWork(new WorkerId("w"), lease, new Parameters(computer.Shape), computer, time ?? TimeProvider.System, report =>
        {
            if (report.Answer is { } answer) answers.Enqueue(answer);
            if (report.IsLast) end.SetResult();
        });
        made?.Invoke(work);
        work.Start(threads);
        await end.Task.WaitAsync(Deadline);
        return answers;
    }

    static ComputeShards Lease(bool uncombined) => new(
        new RunId("run"), Term.First, new EvaluationId(1), 0, new EvaluationRequest(EvaluationKind.Gradient), ShardSet.UpTo(4), uncombined);

    /// <summary>A clock that fails at one reading.</summary>
    sealed class BreakingTime(int reading) : TimeProvider
    {
        int _readings;

        public override long GetTimestamp() =>
            Interlocked.Increment(ref _readings) == reading ? throw new InsufficientMemoryException() : 0;
    }

    /// <summary>A clock that goes on only when told to.</summary>
    sealed class SteppingTime : TimeProvider
    {
        long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}

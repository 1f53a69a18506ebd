using System.Collections.Concurrent;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Compute;

/// <summary>
/// One lease on its way: its shards are taken one after the other by as many lanes as there are threads; each lane adds into sums of its
/// own, and the last one to end answers for all. Long work is answered in instalments, so that whoever waits hears that it goes on.
/// </summary>
/// <param name="time">Measures the instalments.</param>
/// <param name="report">
/// Gets each answer as soon as it is there, and whether it is the last word of this work, which may have no answer; called on compute
/// threads.
/// </param>
sealed class LeaseWork(
    WorkerId worker, ComputeShards lease, Parameters parameters, IShardComputer computer, TimeProvider time,
    Action<LeaseWork, IEvaluationAnswer?, bool> report)
{
    /// <summary>How long a lane computes before it answers what it has; well below any deadline.</summary>
    static readonly TimeSpan Instalment = TimeSpan.FromSeconds(1);

    readonly ConcurrentQueue<ShardId> _waiting = new(lease.Shards);
    readonly Lock _combining = new();
    readonly List<ShardId> _finished = [];
    EvaluationSums? _total;
    int _lanesLeft;
    volatile bool _isClosed;

    /// <summary>Nobody waits for the answer any more: lanes stop at the next shard and stay silent.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Starts the lanes; called once.</summary>
    public void Start(ComputeThreads threads)
    {
        var laneCount = _lanesLeft = Math.Min(threads.Count, lease.Shards.Count);
        for (var lane = 0; lane < laneCount; lane++) _ = RunLane(threads);
    }

    async Task RunLane(ComputeThreads threads)
    {
        try
        {
            await threads.Run(ComputeLane).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Close();
        }
        catch (Exception cause)
        {
            AbandonLane(cause);
        }
    }

    bool ComputeLane(CancellationToken stopping)
    {
        if (lease.Uncombined) ComputeSeparately(stopping);
        else ComputeTogether(stopping);
        return true;
    }

    /// <summary>A lane could not run: the others take its shards; where there is no other, they fail.</summary>
    void AbandonLane(Exception cause)
    {
        if (!IsLastLane()) return;
        var left = ShardSet.Of(_waiting.ToArray());
        report(this, left.IsEmpty ? null : Failure(left, cause), true);
    }

    bool IsLastLane() => Interlocked.Decrement(ref _lanesLeft) == 0;

    void ComputeSeparately(CancellationToken stopping)
    {
        while (Take(stopping) is { } shard)
        {
            var sums = NewSums();
            if (TryCompute(shard, sums)) report(this, Answer(ShardSet.Of(shard), sums), false);
        }
        if (IsLastLane()) report(this, null, true);
    }

    void ComputeTogether(CancellationToken stopping)
    {
        var (sums, finished, since) = (NewSums(), new List<ShardId>(), time.GetTimestamp());
        while (Take(stopping) is { } shard)
        {
            if (TryCompute(shard, sums))
            {
                finished.Add(shard);
                if (time.GetElapsedTime(since) < Instalment) continue;
                report(this, Answer(ShardSet.Of(finished), sums), false);
            }
            else
            {
                // What failed may have left half of itself in the sums: begin anew with the others.
                foreach (var other in finished) _waiting.Enqueue(other);
            }
            (sums, finished, since) = (NewSums(), [], time.GetTimestamp());
        }
        Combine(finished, sums);
        if (IsLastLane()) report(this, _total is null ? null : Answer(ShardSet.Of(_finished), _total), true);
    }

    void Combine(List<ShardId> finished, EvaluationSums sums)
    {
        if (finished.Count == 0) return;
        lock (_combining)
        {
            _finished.AddRange(finished);
            if (_total is null) _total = sums;
            else _total.Add(sums);
        }
    }

    ShardId? Take(CancellationToken stopping) =>
        !_isClosed && !stopping.IsCancellationRequested && _waiting.TryDequeue(out var shard) ? shard : null;

    bool TryCompute(ShardId shard, EvaluationSums sums)
    {
        try
        {
            computer.Compute(lease.Request, parameters, shard, sums);
            return true;
        }
        catch (Exception cause)
        {
            report(this, Failure(ShardSet.Of(shard), cause), false);
            return false;
        }
    }

    ContributionComputed Answer(ShardSet shards, EvaluationSums sums) =>
        new(lease.Run, lease.Term, lease.Evaluation, worker, new Contribution(shards, sums));

    ComputeFailed Failure(ShardSet shards, Exception cause) =>
        new(lease.Run, lease.Term, lease.Evaluation, worker, shards, $"{cause.GetType().Name}: {cause.Message}");

    EvaluationSums NewSums() => new(computer.Shape, lease.Request.Kind);
}

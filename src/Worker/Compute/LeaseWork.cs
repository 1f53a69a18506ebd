using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Compute;

/// <summary>
/// One lease on its way: its shards are taken one after the other by as many lanes as there are threads; each lane adds into sums of its
/// own, and the last one to end answers for all. Long work is answered in instalments, so that whoever waits hears that it goes on; where
/// sums are large, it is only said.
/// </summary>
/// <param name="time">Measures the instalments.</param>
/// <param name="report">Gets each answer as soon as it is there; called on compute threads.</param>
sealed class LeaseWork(
    WorkerId worker, ComputeShards lease, Parameters parameters, IShardComputer computer, TimeProvider time,
    Action<LeaseReport> report)
{
    /// <summary>How long a lane computes before it answers what it has; well below any deadline.</summary>
    static readonly TimeSpan Instalment = TimeSpan.FromSeconds(1);

    /// <summary>Parameters up to which an instalment costs next to nothing: 128 KiB of sums.</summary>
    const int InstalmentParametersMax = 16_384;

    /// <summary>Guards what lanes share.</summary>
    readonly Lock _lock = new();

    readonly Queue<ShardId> _waiting = new(lease.Shards);
    readonly List<ShardId> _finished = [];
    EvaluationSums? _total;
    ShardSet _reported = ShardSet.Empty;
    Exception? _cause;
    int _lanesLeft;
    volatile bool _isClosed;

    /// <summary>Whether it answers each shard by itself.</summary>
    public bool IsUncombined => lease.Uncombined;

    /// <summary>Nobody waits for the answer any more: lanes stop at the next shard and stay silent.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Takes back those of <paramref name="wanted"/> that no lane has begun; they are not computed.</summary>
    public ShardSet GiveBack(ShardSet wanted)
    {
        lock (_lock)
        {
            var given = ShardSet.Of(_waiting.Where(wanted.Contains));
            if (given.IsEmpty) return given;
            ShardId[] kept = [.. _waiting.Where(shard => !given.Contains(shard))];
            _waiting.Clear();
            foreach (var shard in kept) _waiting.Enqueue(shard);
            _reported = _reported.Union(given);
            return given;
        }
    }

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
            _cause = cause;
        }
        if (Interlocked.Decrement(ref _lanesLeft) == 0) End();
    }

    bool ComputeLane(CancellationToken stopping)
    {
        if (lease.Uncombined) ComputeSeparately(stopping);
        else ComputeTogether(stopping);
        return true;
    }

    /// <summary>
    /// The last lane answers for all. Where a lane broke off, or could not run, the others took what waited; what it had taken itself, or
    /// nobody took, fails.
    /// </summary>
    void End()
    {
        var answer = _total is { } total ? Answer(ShardSet.Of(_finished), total) : null;
        var left = lease.Shards.Except(_reported).Except(answer?.Contribution.Shards ?? ShardSet.Empty);
        if (_cause is not { } cause || _isClosed || left.IsEmpty)
        {
            report(new LeaseReport(this, answer, IsLast: true, Cause: null));
            return;
        }
        if (answer is not null) Report(answer);
        report(new LeaseReport(this, Failure(left, cause), IsLast: true, cause));
    }

    void ComputeSeparately(CancellationToken stopping)
    {
        while (Take(stopping) is { } shard)
        {
            var sums = NewSums();
            if (TryCompute(shard, sums)) Report(Answer(ShardSet.Of(shard), sums));
        }
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
                if (computer.Shape.ParameterCount > InstalmentParametersMax)
                {
                    Report(new WorkGoesOn(lease.Run, lease.Term, lease.Evaluation, worker));
                    since = time.GetTimestamp();
                    continue;
                }
                Report(Answer(ShardSet.Of(finished), sums));
            }
            else
            {
                // What failed may have left half of itself in the sums: begin anew with the others.
                PutBack(finished);
            }
            (sums, finished, since) = (NewSums(), [], time.GetTimestamp());
        }
        Combine(finished, sums);
    }

    void Combine(List<ShardId> finished, EvaluationSums sums)
    {
        if (finished.Count == 0) return;
        sums.Settle();
        lock (_lock)
        {
            _finished.AddRange(finished);
            if (_total is null) _total = sums;
            else _total.Add(sums);
        }
    }

    ShardId? Take(CancellationToken stopping)
    {
        if (_isClosed || stopping.IsCancellationRequested) return null;
        lock (_lock) return _waiting.TryDequeue(out var shard) ? shard : null;
    }

    void PutBack(List<ShardId> shards)
    {
        lock (_lock)
        {
            foreach (var shard in shards) _waiting.Enqueue(shard);
        }
    }

    bool TryCompute(ShardId shard, EvaluationSums sums)
    {
        try
        {
            computer.Compute(lease.Request, parameters, shard, sums);
            return true;
        }
        catch (Exception cause)
        {
            Report(Failure(ShardSet.Of(shard), cause), cause);
            return false;
        }
    }

    void Report(IEvaluationAnswer answer, Exception? cause = null)
    {
        var said = new LeaseReport(this, answer, IsLast: false, cause);
        lock (_lock) _reported = _reported.Union(said.Shards);
        report(said);
    }

    ContributionComputed Answer(ShardSet shards, EvaluationSums sums)
    {
        sums.Settle();
        return new(lease.Run, lease.Term, lease.Evaluation, worker, new Contribution(shards, sums));
    }

    ComputeFailed Failure(ShardSet shards, Exception cause) =>
        new(lease.Run, lease.Term, lease.Evaluation, worker, shards, $"{cause.GetType().Name}: {cause.Message}",
            KnownCauses.ProblemOf(cause));

    EvaluationSums NewSums() => new(computer.Shape, lease.Request.Kind);
}

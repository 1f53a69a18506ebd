using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training.Simulation;

/// <summary>A worker as the protocol wants it, with the troubles that its cluster's fates hold for it.</summary>
public sealed class SimulatedWorker(SimulatedCluster cluster, WorkerId id, int threads, bool isFaulty, bool isCutOff)
{
    static readonly TimeSpan JoinDelay = TimeSpan.FromSeconds(2);
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    readonly HashSet<ShardId> _owed = [];

    /// <summary>Groups of shards that are answered together when their time has come; what is given back is taken out.</summary>
    readonly List<HashSet<ShardId>> _combined = [];
    ParametersPublished? _published;
    EvaluationId _evaluation;
    bool _isAlive;
    bool _isAdmitted;
    bool _heardLately;

    public WorkerId Id => id;

    public long Incarnation { get; private set; }

    public void Start()
    {
        (_isAlive, _isAdmitted, _published, _evaluation) = (true, false, null, default);
        Forget();
        Incarnation++;
        Join(Incarnation);
    }

    /// <summary>The weather has cleared: the dead come back, unless nobody is to be left.</summary>
    public void Clear()
    {
        if (cluster.Fates.AllDie) Die();
        else if (!_isAlive) Start();
    }

    public void Receive(long incarnation, IWorkerOrder order)
    {
        if (!_isAlive || incarnation != Incarnation) return;
        _heardLately = true;
        switch (order)
        {
            case WorkerAdmitted: BeAdmitted(); break;
            case ParametersPublished published when _isAdmitted: _published = published; break;
            case ComputeShards lease when _isAdmitted: Take(lease); break;
            case ShardsRecalled recall when recall.Evaluation == _evaluation: GiveBack(recall); break;
            case EvaluationClosed closed when closed.Evaluation == _evaluation: Forget(); break;
            case WorkerRefused: (_isAdmitted, _published) = (false, null); Forget(); break;
            case WorkerDismissed when _isAdmitted: (_isAdmitted, _published) = (false, null); Forget(); Join(Incarnation); break;
        }
    }

    void Join(long incarnation)
    {
        if (!_isAlive || _isAdmitted || incarnation != Incarnation) return;
        cluster.Send(this, Introduction);
        cluster.After(JoinDelay, () => Join(incarnation));
    }

    WorkerJoining Introduction => new(id, Incarnation, ProtocolVersion.Current, "hash", threads);

    void BeAdmitted()
    {
        if (!_isAdmitted) LookAround(Incarnation);
        _isAdmitted = true;
    }

    void LookAround(long incarnation) => cluster.After(SilenceMax, () =>
    {
        if (!_isAlive || !_isAdmitted || incarnation != Incarnation) return;
        if (!_heardLately && _owed.Count == 0 && !isCutOff) cluster.Send(this, Introduction);
        _heardLately = false;
        LookAround(incarnation);
    });

    void Take(ComputeShards lease)
    {
        if (lease.Evaluation.Number < _evaluation.Number) return;
        if (lease.Evaluation != _evaluation) Forget();
        _evaluation = lease.Evaluation;
        if (_published?.Version != lease.Version)
        {
            cluster.Send(this, new ParametersMissing(lease.Run, lease.Term, lease.Evaluation, id, lease.Version));
            return;
        }
        if (cluster.Chance(cluster.Fates.Silence)) return;

        ShardId[] shards = [.. lease.Shards.Where(_owed.Add)];
        foreach (var group in Groups(shards, lease.Uncombined))
        {
            HashSet<ShardId> work = [.. group];
            if (!lease.Uncombined) _combined.Add(work);
            if (isCutOff) cluster.Send(this, new WorkGoesOn(lease.Run, lease.Term, lease.Evaluation, id));
            Compute(lease, _published.Parameters, work);
        }
    }

    void Forget()
    {
        _owed.Clear();
        _combined.Clear();
    }

    /// <summary>Which shards it has not begun is its own affair: any.</summary>
    void GiveBack(ShardsRecalled recall)
    {
        var given = ShardSet.Of(recall.Shards.Where(shard => _combined.Exists(work => work.Contains(shard)) && cluster.Draw(4) > 0));
        foreach (var work in _combined) work.ExceptWith(given);
        _owed.ExceptWith(given);
        if (!given.IsEmpty) cluster.Send(this, new ShardsReturned(recall.Run, recall.Term, recall.Evaluation, id, given));
    }

    /// <summary>One by one, or cut at random: how a worker groups its shards must not matter.</summary>
    IEnumerable<ShardId[]> Groups(ShardId[] shards, bool uncombined)
    {
        for (var from = 0; from < shards.Length;)
        {
            var length = uncombined ? 1 : 1 + cluster.Draw(shards.Length - from);
            yield return shards[from..(from + length)];
            from += length;
        }
    }

    void Compute(ComputeShards lease, Parameters parameters, HashSet<ShardId> group)
    {
        var time = cluster.UpTo(cluster.Fates.ShardTimeMax) * group.Count * (cluster.Chance(cluster.Fates.Lateness) ? 100 : 1);
        var incarnation = Incarnation;
        cluster.After(time, () =>
        {
            if (!_isAlive || incarnation != Incarnation || lease.Evaluation != _evaluation) return;
            if (cluster.Chance(cluster.Fates.Death)) Die();
            else Answer(lease, parameters, group);
        });
    }

    void Answer(ComputeShards lease, Parameters parameters, HashSet<ShardId> group)
    {
        _owed.ExceptWith(group);
        _combined.Remove(group);
        if (group.Count == 0 || isCutOff) return;
        if (cluster.Chance(cluster.Fates.Failure))
        {
            cluster.Send(this, new ComputeFailed(lease.Run, lease.Term, lease.Evaluation, id, ShardSet.Of(group), "disk"));
            return;
        }
        var sums = new EvaluationSums(parameters.Shape, lease.Request.Kind);
        foreach (var shard in group) sums.Add(CountingTrainer.SumsOf(lease.Request, parameters, shard));
        if (isFaulty && cluster.Chance(cluster.Fates.Fault)) sums.Loss += 1;
        cluster.Send(
            this, new ContributionComputed(lease.Run, lease.Term, lease.Evaluation, id, new Contribution(ShardSet.Of(group), sums)));
    }

    void Die()
    {
        if (!_isAlive) return;
        _isAlive = false;
        cluster.NoticeDeath(id, Incarnation);
        if (!cluster.Fates.AllDie) cluster.After(cluster.UpTo(TimeSpan.FromSeconds(20)), () => { if (!_isAlive) Start(); });
    }
}

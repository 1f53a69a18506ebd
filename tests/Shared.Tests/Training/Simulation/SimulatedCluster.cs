using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training.Simulation;

/// <summary>A coordinator and workers on a simulated clock and network: one thread, one seed, every run the same again.</summary>
public sealed class SimulatedCluster
{
    /// <summary>No run may take longer, whatever happens in it.</summary>
    static readonly TimeSpan TimeMax = TimeSpan.FromHours(2);

    readonly PriorityQueue<Action, (TimeSpan At, long Number)> _agenda = new();
    readonly Dictionary<WorkerId, long> _admitted = [];
    readonly Dictionary<TrainingTimer, long> _timers = [];
    readonly SimulatedWorker[] _workers;
    CounterRandom _random;
    TrainingRun _run;
    long _number;

    public SimulatedCluster(TrainingRunOptions options, TrainerAnswer first, Fates fates)
    {
        (Fates, _random, _run) = (fates, new CounterRandom(fates.Seed, 1), new TrainingRun(options, first));
        _workers = [.. Enumerable.Range(0, fates.WorkerCount).Select(i => new SimulatedWorker(
            this, new WorkerId($"w{i}"), 1 + i % 3, isFaulty: i == 0, isCutOff: i < fates.CutOffCount))];
    }

    public Fates Fates { get; }

    public TimeSpan Now { get; private set; }

    public bool IsClear => Now >= Fates.ClearsAt;

    public TrainingResult? Result { get; private set; }

    public Problem? Failure { get; private set; }

    public List<TrainingNotice> Notices { get; } = [];

    /// <summary>What the newest checkpoint on the disk holds.</summary>
    public StepBoundary? Saved { get; private set; }

    /// <summary>Until the run ends, or the coordinator is lost.</summary>
    /// <param name="stopAt">When the coordinator is told to stop.</param>
    /// <param name="lostAt">When the coordinator is gone without a word.</param>
    public SimulatedCluster Play(TimeSpan? stopAt = null, TimeSpan? lostAt = null)
    {
        Happen(new RunStarted(Now));
        if (stopAt is { } stop) After(stop, () => Happen(new StopRequested(Now, new Problem("DT1300", ExitCode.Interrupted, "stopped"))));
        foreach (var worker in _workers) worker.Start();
        After(Fates.ClearsAt, () => Array.ForEach(_workers, worker => worker.Clear()));
        while (Result is null && Failure is null)
        {
            Assert.True(_agenda.TryDequeue(out var action, out var due), $"Seed {Fates.Seed}: nothing is left to happen, and no end.");
            Assert.True(due.At < TimeMax, $"Seed {Fates.Seed}: the run never ends.");
            if (due.At >= lostAt) return this;
            Now = due.At;
            action();
        }
        return this;
    }

    public void After(TimeSpan delay, Action action) => _agenda.Enqueue(action, (Now + delay, _number++));

    public bool Chance(double probability) => !IsClear && _random.NextDouble() < probability;

    public TimeSpan UpTo(TimeSpan most) => most * _random.NextDouble();

    public int Draw(int bound) => _random.NextInt32(bound);

    /// <summary>A worker's message to the coordinator.</summary>
    public void Send(SimulatedWorker from, IProtocolMessage message)
    {
        var incarnation = from.Incarnation;
        Deliver(() => Happen(EventOf(message), from.Id, incarnation));
    }

    /// <summary>The coordinator's system notices a death, or does not.</summary>
    public void NoticeDeath(WorkerId worker, long incarnation)
    {
        if (!Chance(0.3)) After(UpTo(Fates.DelayMax), () => Happen(new WorkerLost(Now, worker, incarnation, "it ended")));
    }

    void Deliver(Action arrival)
    {
        if (!Chance(Fates.Loss)) After(UpTo(Fates.DelayMax), arrival);
        if (Chance(Fates.Repetition)) After(UpTo(Fates.DelayMax * 20), arrival);
    }

    TrainingEvent EventOf(IProtocolMessage message) => message switch
    {
        WorkerJoining joining => new WorkerJoined(Now, joining),
        ContributionComputed answer => new ContributionReceived(Now, answer),
        ComputeFailed failed => new ComputeFailureReceived(Now, failed),
        ShardsReturned returned => new ShardsGivenBack(Now, returned),
        WorkGoesOn heard => new WorkHeard(Now, heard),
        ParametersMissing missing => new ParametersMissed(Now, missing),
        _ => throw new ArgumentException($"Unknown message {message}.", nameof(message)),
    };

    void Happen(TrainingEvent happened, WorkerId sender = default, long incarnation = 0)
    {
        (_run, var effects) = _run.Handle(happened);
        foreach (var effect in effects) Perform(effect, sender, incarnation);
    }

    void Perform(TrainingEffect effect, WorkerId sender, long incarnation)
    {
        switch (effect)
        {
            case AdmitWorker admit:
                _admitted[sender] = incarnation;
                SendTo(sender, incarnation, admit.Answer);
                break;
            case ReplyToSender reply: SendTo(sender, incarnation, reply.Answer); break;
            case TellWorker tell: SendTo(tell.Worker, _admitted[tell.Worker], tell.Order); break;
            case ForgetWorker forget: Assert.True(_admitted.Remove(forget.Worker)); break;
            case SetTimer timer: Set(timer); break;
            case CancelTimer cancel: _timers.Remove(cancel.Timer); break;
            case AdvanceTrainer advance: Advance(advance); break;
            case RecomputeShards recompute: Recompute(recompute); break;
            case SaveCheckpoint(var boundary): Save(boundary); break;
            case StopTrainer stop: Think(stop.Evaluation, stop.Compute); break;
            case Notify notify: Notices.Add(notify.Notice); break;
            case FinishRun finish: Result = finish.Result; break;
            case FailRun fail: Failure = fail.Problem; break;
        }
    }

    void SendTo(WorkerId worker, long incarnation, IWorkerOrder order)
    {
        var target = _workers.Single(candidate => candidate.Id == worker);
        Deliver(() => target.Receive(incarnation, order));
    }

    void Set(SetTimer timer)
    {
        var generation = _number;
        _timers[timer.Timer] = generation;
        After(timer.At > Now ? timer.At - Now : TimeSpan.Zero, () =>
        {
            if (_timers.GetValueOrDefault(timer.Timer, -1) == generation) Happen(new TimerElapsed(Now, timer.Timer));
        });
    }

    /// <summary>On the disk after a while, or not at all.</summary>
    void Save(StepBoundary boundary)
    {
        var isMissed = Chance(Fates.Failure);
        After(UpTo(TimeSpan.FromSeconds(1)), () =>
        {
            if (!isMissed) Saved = boundary;
            Happen(isMissed
                ? new CheckpointMissed(Now, boundary.Step, "disk error")
                : new CheckpointSaved(Now, boundary.Step, 1000, TimeSpan.FromSeconds(0.1)));
        });
    }

    void Recompute(RecomputeShards wanted)
    {
        var (delay, (request, parameters, _)) = (TimeSpan.Zero, wanted.Question);
        foreach (var shard in wanted.Shards)
        {
            delay += UpTo(Fates.ShardTimeMax);
            After(delay, () => Happen(
                new ShardRecomputed(Now, wanted.Evaluation, shard, CountingTrainer.SumsOf(request, parameters, shard))));
        }
    }

    void Advance(AdvanceTrainer advance)
    {
        var shards = advance.Contributions.Aggregate(ShardSet.Empty, (all, contribution) => all.Union(contribution.Shards));
        Assert.Equal(shards.Count, advance.Contributions.Sum(contribution => contribution.Shards.Count)); // Disjoint.
        Think(advance.Evaluation, advance.ComputeOnce);
    }

    void Think(EvaluationId evaluation, Func<TrainerAnswer> think)
    {
        var answer = think();
        After(UpTo(TimeSpan.FromMilliseconds(5)), () => Happen(new TrainerAdvanced(Now, evaluation, answer)));
    }
}

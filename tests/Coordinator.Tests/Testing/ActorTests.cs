using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using DistTrain.Coordinator.Actors;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Testing;

/// <summary>Tests with an actor system; one after the other, since starting many at once starves a small machine.</summary>
[Collection(nameof(ActorTests))]
public abstract class ActorTests(ITestOutputHelper output) : TestKit("akka.loglevel = WARNING", output: output)
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>No deadline passes in a test, however busy the machine is.</summary>
    protected static readonly TrainingRunOptions Patient = new()
    {
        Run = new RunId("run"),
        Shape = CountingTrainer.Shape,
        TrainingRows = [10, 0, 7, 3],
        ValidationRows = [4],
        ArithmeticHash = "hash",
        LeaseFirst = TimeSpan.FromMinutes(10),
        LeaseMin = TimeSpan.FromMinutes(10),
    };

    readonly ComputeThreads _trainerThread = new("trainer", 1);

    protected TrainingOutcome Outcome { get; } = new();

    protected NoticeList Notices { get; } = new();

    /// <summary>The run's result, or its exception, before the deadline.</summary>
    protected Task<TrainingResult> ResultAsync() => Outcome.Result.WaitAsync(Deadline);

    protected IActorRef StartTraining(TrainingRunOptions options, TrainerAnswer first, ICheckpointStore? checkpoints = null, IShardComputer? computer = null)
    {
        var (run, compute, outcome) = (new TrainingRun(options, first), _trainerThread, Outcome);
        ImmutableArray<ITrainingObserver> observers = [Notices];
        return Sys.ActorOf(
            Props.Create(() => new TrainingActor(run, compute, checkpoints, computer, observers, outcome, TimeProvider.System)), "training");
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _trainerThread.Dispose();
    }

    /// <summary>Everything that happened, readable while it happens.</summary>
    protected sealed class NoticeList : ITrainingObserver
    {
        readonly ConcurrentQueue<TrainingNotice> _notices = new();

        public ImmutableArray<T> Of<T>() => [.. _notices.OfType<T>()];

        public void Happened(TrainingNotice notice) => _notices.Enqueue(notice);
    }

    protected static WorkerJoining Joining(string name, int threads = 1, long incarnation = 1) =>
        new(new WorkerId(name), incarnation, ProtocolVersion.Current, "hash", threads);
}

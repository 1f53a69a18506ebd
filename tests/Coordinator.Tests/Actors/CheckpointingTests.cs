using System.Collections.Concurrent;
using Akka.Actor;
using DistTrain.Coordinator.Actors;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Actors;

/// <summary>What the actor does with checkpoints; what a run decides about them is in its transcripts.</summary>
public class CheckpointingTests(ITestOutputHelper output) : ActorTests(output)
{
    const int QuestionCount = 5;

    static readonly TrainingRunOptions Options = Patient with
    {
        Checkpoints = new CheckpointPlan { Interval = null, Steps = 1, StopTimeout = TimeSpan.FromMinutes(10) },
    };

    [Fact]
    public async Task Steps_are_saved_and_told()
    {
        var store = new StoreDouble(_ => Task.FromResult(1234L));
        await WorkAsync(StartTraining(Options, CountingTrainer.Start(QuestionCount), store));

        AssertUndisturbed(await ResultAsync());
        Assert.Contains(1, store.Steps);
        await AwaitAssertAsync(
            () => Assert.Contains(Notices.Of<CheckpointSavedNotice>(), notice => notice is { Step: 1, ByteCount: 1234 }), Deadline);
    }

    [Fact]
    public async Task A_disk_that_fails_is_told_and_training_goes_on()
    {
        var store = new StoreDouble(_ => Task.FromException<long>(new IOException("No space left\non device")));
        await WorkAsync(StartTraining(Options, CountingTrainer.Start(QuestionCount), store));

        AssertUndisturbed(await ResultAsync());
        Assert.Contains(Notices.Of<CheckpointMissedNotice>(), notice => notice is { Step: 1, Reason: "No space left on device" });
    }

    [Fact]
    public async Task A_disk_that_never_answers_makes_nobody_wait()
    {
        var store = new StoreDouble(_ => new TaskCompletionSource<long>().Task);
        await WorkAsync(StartTraining(Options, CountingTrainer.Start(QuestionCount), store));

        AssertUndisturbed(await ResultAsync());
        Assert.Equal([1], store.Steps);
    }

    [Fact]
    public async Task Who_is_overtaken_ends_with_that()
    {
        var store = new StoreDouble(
            _ => Task.FromException<long>(new Problem("DT5002", ExitCode.Cluster, "another process goes on").AsException()));
        var training = StartTraining(Options, CountingTrainer.Start(1000), store);
        var worker = new ProbeWorker(CreateTestProbe(), training, "a");
        await worker.JoinAsync();
        worker.Answer(await worker.LeaseAsync());

        Assert.Equal("DT5002", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Problem.Code);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_when_its_last_step_is_saved()
    {
        var written = new TaskCompletionSource<long>();
        var store = new StoreDouble(_ => written.Task);
        var training = StartTraining(Options, CountingTrainer.Start(1000), store);
        var worker = new ProbeWorker(CreateTestProbe(), training, "a");
        await worker.JoinAsync();
        worker.Answer(await worker.LeaseAsync());
        await worker.LeaseAsync();

        training.Tell(new StopTraining(new Problem("DT1300", ExitCode.Interrupted, "stopped by Ctrl-C")));
        await worker.Probe.FishForMessageAsync(message => message is WorkerDismissed, Deadline);
        Assert.False(Outcome.Result.IsCompleted);
        written.SetResult(1);

        Assert.Equal("DT1300", (await Assert.ThrowsAsync<DistTrainException>(ResultAsync)).Problem.Code);
        Assert.Equal([1], store.Steps);
    }

    async Task WorkAsync(IActorRef training)
    {
        var worker = new ProbeWorker(CreateTestProbe(), training, "a");
        await worker.JoinAsync();
        await worker.WorkToTheEndAsync();
    }

    static void AssertUndisturbed(TrainingResult result) => Assert.Equal(
        CountingTrainer.Undisturbed(QuestionCount, Options).Parameters.Values.Select(BitConverter.DoubleToInt64Bits),
        result.Parameters.Values.Select(BitConverter.DoubleToInt64Bits));

    /// <summary>A store that answers as it is told to.</summary>
    sealed class StoreDouble(Func<StepBoundary, Task<long>> save) : ICheckpointStore
    {
        readonly ConcurrentQueue<int> _steps = new();

        public IEnumerable<int> Steps => _steps;

        public Task<long> SaveAsync(StepBoundary boundary, ComputeThreads trainerThread)
        {
            _steps.Enqueue(boundary.Step);
            return save(boundary);
        }
    }
}

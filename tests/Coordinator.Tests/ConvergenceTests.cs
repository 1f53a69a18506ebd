using Akka.Actor;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Worker;
using DistTrain.Worker.Actors;
using DistTrain.Worker.Compute;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests;

/// <summary>
/// Coordinator and workers as actors reach the optimum that an independent solver finds, whatever one of the workers does.
/// </summary>
public sealed class ConvergenceTests(ITestOutputHelper output) : ActorTests(output)
{
    const double L2 = 1e-2;

    /// <summary>Uneven, one of them empty.</summary>
    static readonly int[] ShardRows = [120, 3, 0, 57, 80, 1, 39];

    static readonly PlainProblem Problem = PlainProblem.Random(seed: 7, rowCount: 300, featureCount: 5, classCount: 3, isWeighted: true);

    readonly List<ComputeThreads> _threads = [];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public async Task Workers_reach_the_optimum_and_their_number_does_not_matter_to_the_bits(int workerCount)
    {
        var result = await TrainAsync(OptimizerKind.Lbfgs, workerCount, fault: null);
        ExpectOptimum(result);
        ExpectBitsOf(Reference(OptimizerKind.Lbfgs), result);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task The_number_of_workers_does_not_matter_to_the_bits_of_minibatch_steps(int workerCount) =>
        ExpectBitsOf(Reference(OptimizerKind.Adam), await TrainAsync(OptimizerKind.Adam, workerCount, fault: null));

    [Theory, InlineData(Fault.Late), InlineData(Fault.Twice), InlineData(Fault.Never)]
    public async Task A_worker_that_answers_late_twice_or_never_changes_neither_the_optimum_nor_a_bit(Fault fault)
    {
        var result = await TrainAsync(OptimizerKind.Lbfgs, workerCount: 3, fault);
        ExpectOptimum(result);
        ExpectBitsOf(Reference(OptimizerKind.Lbfgs), result);
        if (fault == Fault.Twice) Assert.NotEmpty(Notices.Of<ContributionRefusedNotice>());
        else Assert.NotEmpty(Notices.Of<LeaseMovedNotice>());
        if (fault == Fault.Never) Assert.Contains(Notices.Of<WorkerLostNotice>(), lost => lost.Worker == "faulty");
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        foreach (var threads in _threads) threads.Dispose();
    }

    async Task<TrainingResult> TrainAsync(OptimizerKind optimizer, int workerCount, Fault? fault)
    {
        var computers = new ShardComputers(new PlainShards(Problem, ShardRows), Problem.Manifest(null, ShardRows));
        var training = StartTraining(Options(workerCount), Start(optimizer));
        for (var i = fault is null ? 0 : 1; i < workerCount; i++) StartWorker($"worker-{i}", threadCount: 1 + i % 2, training, computers);
        if (fault is { } kind)
        {
            var delay = TimeSpan.FromSeconds(0.06);
            StartWorker("faulty", 1, Sys.ActorOf(Props.Create(() => new Relay(training, kind, delay))), computers);
        }
        return await ResultAsync();
    }

    void StartWorker(string name, int threadCount, IActorRef coordinator, IComputerSource computers)
    {
        var threads = new ComputeThreads(name, threadCount);
        _threads.Add(threads);
        var setting = new WorkerSetting(new WorkerId(name), computers, threads, "hash", TimeProvider.System);
        Sys.ActorOf(Props.Create(() => new WorkerActor(setting, coordinator)), name);
    }

    static TrainingRunOptions Options(int workerCount) => new()
    {
        Run = new RunId("convergence"),
        Shape = new ModelShape(Problem.ClassCount, Problem.FeatureCount),
        TrainingRows = [.. ShardRows],
        ArithmeticHash = "hash",
        MinWorkers = workerCount,
        LeaseFirst = TimeSpan.FromSeconds(0.04),
        LeaseMin = TimeSpan.FromSeconds(0.04),
        SilentDeadlines = 3,
    };

    static TrainerAnswer Start(OptimizerKind optimizer) => Trainer.Start(
        Problem.Manifest(null, ShardRows), new TrainingOptions { Optimizer = optimizer, L2 = L2, Tolerance = 1e-6, BatchSize = 64 });

    /// <summary>The run without actors: every question answered shard by shard, in order, on this thread.</summary>
    static TrainingResult Reference(OptimizerKind optimizer)
    {
        var computer = new ShardComputer(new PlainShards(Problem, ShardRows), Problem.Manifest(null, ShardRows), Targets.Plain);
        return TrainingTrace.Of(Start(optimizer), question =>
        {
            var sums = new EvaluationSums(computer.Shape, question.Request.Kind);
            foreach (var shard in ShardSet.UpTo(ShardRows.Length)) computer.Compute(question.Request, question.Parameters, shard, sums);
            return sums;
        }).Result;
    }

    static void ExpectOptimum(TrainingResult result)
    {
        var optimum = NewtonSolver.Solve(Problem, L2).Objective;
        var actual = NewtonSolver.Objective(Problem, L2, result.Parameters.Values);
        Assert.InRange((actual - optimum) / optimum, -1e-12, 1e-6);
        Assert.InRange(Math.Abs(result.Objective - optimum) / optimum, 0, 1e-6);
    }

    static void ExpectBitsOf(TrainingResult expected, TrainingResult actual) => Assert.Equal(
        expected.Parameters.Values.Select(BitConverter.DoubleToInt64Bits),
        actual.Parameters.Values.Select(BitConverter.DoubleToInt64Bits));
}

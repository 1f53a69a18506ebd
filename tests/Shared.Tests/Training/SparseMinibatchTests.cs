using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Shared.Tests.Learning.Optimizers.Minibatch;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Training.Phases;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Minibatch training on sparse columns: steps touch few features, and nothing else about the result changes.</summary>
public sealed class SparseMinibatchTests(ITestOutputHelper output)
{
    const int Epochs = 4;
    const int BatchSize = 16;

    static readonly Dataset Sparse = DatasetBuilder.Build(
        SampleSpec.Parse("sparse,rows=1000,features=2000,classes=3,nonzeros=8").CreateTable(), null, new DatasetOptions { Shards = 5 });

    static readonly BatchSchedule Schedule = new(Sparse.Manifest);

    static DatasetManifest Manifest => Sparse.Manifest;

    public static TheoryData<OptimizerKind, LearningRateSchedule> Cases
    {
        get
        {
            var cases = new TheoryData<OptimizerKind, LearningRateSchedule>();
            foreach (var kind in Enum.GetValues<OptimizerKind>().Where(kind => MinibatchRecipes.DefaultsOf(kind) is not null))
            {
                foreach (var schedule in new[] { LearningRateSchedule.Constant, LearningRateSchedule.Cosine, LearningRateSchedule.Inverse })
                {
                    if (kind != OptimizerKind.Ftrl || schedule == LearningRateSchedule.Constant) cases.Add(kind, schedule);
                }
            }
            return cases;
        }
    }

    [Fact]
    public void Most_features_are_held_sparse() => Assert.InRange(Manifest.Layout.SparseCount, 1000, 2000);

    [Theory, MemberData(nameof(Cases))]
    public void Lazy_training_ends_within_a_millionth_of_eager_training(OptimizerKind kind, LearningRateSchedule schedule)
    {
        foreach (var l1 in (double[])[0, 1e-3]) CompareWithEager(OptionsOf(kind) with { LearningRateSchedule = schedule, L1 = l1 });
    }

    void CompareWithEager(TrainingOptions options)
    {
        var problem = new TrainingProblem(Manifest, options);
        var plan = MinibatchPlan.Of(Manifest, options);
        var shape = problem.Objective.Shape;
        IPhase lazy = MinibatchPhase.Start(
            problem, MinibatchRecipes.Of(options, problem.Objective, problem.Objective.StartingPoint().Values, plan), plan);
        var eager = EagerOf(options, problem.Objective, plan);
        while (lazy.Inquiry is { } inquiry)
        {
            var there = Gradient(problem, Evaluate(inquiry.Request, FeatureOrder.ToParameters(shape, eager.Weights)));
            eager.Step(there);
            lazy = lazy.Tell(Evaluate(inquiry.Request, inquiry.Parameters)).Phase;
        }

        var arrival = lazy.ArriveBy(StoppedBy.Epochs);
        var weights = FeatureOrder.Of(new Parameters(shape, arrival.Point));
        var scale = eager.Weights.Max(Math.Abs);
        var error = weights.Zip(eager.Weights, (a, b) => Math.Abs(a - b)).Max() / scale;
        output.WriteLine(
            $"{options.Optimizer} {options.LearningRateSchedule} λ₁ = {options.L1}: {error:E1} of {scale:F3} after {arrival.Progress.Steps} steps, {weights.Count(w => w == 0)} zeros");
        Assert.InRange(arrival.Progress.Steps, 200, int.MaxValue);
        Assert.InRange(error, 0, 1e-6);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Any_grouping_of_shards_gives_the_same_bits(OptimizerKind kind, LearningRateSchedule schedule)
    {
        var options = OptionsOf(kind) with { LearningRateSchedule = schedule, Epochs = 1 };
        var hashes = new HashSet<string>();
        foreach (var workers in (int[])[1, 2, 3, 7])
        {
            var trace = TrainingTrace.Of(
                Trainer.Start(Manifest, options), question => Evaluate(question.Request, question.Parameters, workers));
            hashes.Add(HashOf(trace.Result));
        }
        Assert.Single(hashes);
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_run_saved_and_taken_up_again_ends_with_the_same_bits(OptimizerKind kind, LearningRateSchedule schedule)
    {
        var options = OptionsOf(kind) with { LearningRateSchedule = schedule, Epochs = 1 };
        var undisturbed = TrainingTrace.Of(Trainer.Start(Manifest, options), question => Evaluate(question.Request, question.Parameters)).Result;

        var answer = Trainer.Start(Manifest, options);
        while (answer.Question is { } question)
        {
            answer = answer.Trainer.Tell(Evaluate(question.Request, question.Parameters));
            if (answer.Steps is not [{ Step: 7 or 30 }] || answer.Question is null) continue;

            using var stream = Saved.Of(answer.Trainer.Save);
            answer = Trainer.Resume(Manifest, options, new StateReader(stream));
        }

        Assert.Equal(HashOf(undisturbed), HashOf(answer.Result!));
    }

    /// <summary>Reads and sums of a batch are counted by its nonzeros, whatever the number of features.</summary>
    [Fact]
    public void A_batch_asks_for_the_features_it_touches_and_no_others()
    {
        var request = new EvaluationRequest(EvaluationKind.Batch, Batch: new BatchPosition(0, 3, 50, 1));
        var source = new CountingSource();
        var head = Manifest.Layout.SparseFirst + 1;
        var nonzeros = Enumerable.Range(0, Manifest.ShardCount).Sum(
            shard => Schedule.Open(Sparse, request, new ShardId(shard)).Sum(rows => rows.Sparse.NonzeroCount));

        var sums = Evaluate(request, new Parameters(ModelShape.Of(Manifest), source));

        Assert.InRange(nonzeros, 1, Manifest.FeatureCount / 5);
        Assert.InRange(source.ReadCount, head + 1, head + nonzeros);
        Assert.InRange(sums.Touched!.Features.Length, 1, nonzeros);
        Assert.Equal(head * 2, sums.Gradient.Length);
    }

    sealed class CountingSource : IWeightSource
    {
        public int ReadCount { get; private set; }

        public void Read(ReadOnlySpan<int> features, Span<double> weights)
        {
            ReadCount += features.Length;
            weights.Clear();
        }
    }

    [Fact]
    public void Training_gets_near_the_optimum()
    {
        EvaluationSums Answer(Question question) => Evaluate(question.Request, question.Parameters);
        var best = TrainingTrace.Of(Trainer.Start(Manifest, new TrainingOptions { L2 = 1e-2 }), Answer).Result.Objective;
        foreach (var kind in (OptimizerKind[])[OptimizerKind.Adam, OptimizerKind.Adagrad, OptimizerKind.Momentum])
        {
            var result = TrainingTrace.Of(
                Trainer.Start(Manifest, new TrainingOptions { Optimizer = kind, L2 = 1e-2, BatchSize = BatchSize, Epochs = 10 }), Answer).Result;
            output.WriteLine($"{kind}: {result.Objective / best - 1:P3} above the optimum");
            Assert.InRange(result.Objective / best - 1, 0, 0.02);
        }
    }

    static TrainingOptions OptionsOf(OptimizerKind kind) =>
        new() { Optimizer = kind, L2 = 1e-3, BatchSize = BatchSize, Epochs = Epochs, Warmup = 5 };

    static EagerTwin EagerOf(TrainingOptions options, PenalizedObjective objective, MinibatchPlan plan)
    {
        var shape = objective.Shape;
        return new EagerTwin(
            options.Optimizer, FeatureOrder.Of(objective.StartingPoint()), shape.ClassCount, [.. Enumerable.Repeat(1, shape.FeatureCount + 1)],
            objective.Penalty.L2, objective.Penalty.L1,
            new LearningRate(
                options.LearningRateInEffect!.Value, options.ScheduleInEffect!.Value, options.Warmup, plan.StepsPerEpoch, plan.StepsTotal),
            options.Optimizer == OptimizerKind.Adamw ? options.WeightDecay : 0);
    }

    /// <summary>[D + 1][K], NaN where the batch touches nothing.</summary>
    static double[] Gradient(TrainingProblem problem, EvaluationSums sums)
    {
        var shape = problem.Objective.Shape;
        var batch = new BatchGradient(problem.Objective.Scales);
        batch.Read(sums);
        var (features, lanes) = PlainGradient.All(batch);
        var values = PlainGradient.ValuesOf(lanes, shape.ClassCount);
        var dense = new double[shape.ParameterCount];
        Array.Fill(dense, double.NaN);
        foreach (var (i, feature) in features.Index())
            values.AsSpan(i * shape.ClassCount, shape.ClassCount).CopyTo(dense.AsSpan(feature * shape.ClassCount));
        return dense;
    }

    /// <summary>What so many workers answer together, shards dealt out in turn.</summary>
    static EvaluationSums Evaluate(EvaluationRequest request, Parameters parameters, int workers = 1)
    {
        var shape = ModelShape.Of(Manifest);
        var point = new EvaluationPoint(parameters, Manifest.Layout);
        var total = new EvaluationSums(shape, request.Kind);
        for (var worker = workers - 1; worker >= 0; worker--)
        {
            var evaluator = new ShardEvaluator(shape, Manifest.Layout, new Scales(Manifest), Targets.Plain);
            var sums = new EvaluationSums(shape, request.Kind);
            for (var shard = worker; shard < Manifest.RowsOf(request.Part).Length; shard += workers)
            {
                foreach (var rows in Schedule.Open(Sparse, request, new ShardId(shard))) evaluator.Evaluate(request, point, rows, sums);
            }
            sums.Settle();
            total.Add(sums);
        }
        return total;
    }

    static string HashOf(TrainingResult result) =>
        string.Join(',', result.Parameters.Values.Select(BitConverter.DoubleToInt64Bits).Select(bits => bits.ToString("x", null)));
}

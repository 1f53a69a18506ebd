using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training;

public sealed class MinibatchTrainerTests(ITestOutputHelper output)
{
    static readonly TrainingOptions Adam = new() { Optimizer = OptimizerKind.Adam };

    static readonly PlainProblem Plain = PlainProblem.Random(seed: 4, rowCount: 100, featureCount: 3, classCount: 3);

    [Fact]
    public void The_default_rate_reaches_the_optimum_within_one_percent_in_ten_epochs()
    {
        var problem = PreferenceLike(rowCount: 12_500, seed: 5);
        var options = Adam with { BatchSize = 500 }; // 25 steps an epoch, as 200,000 rows by 8,192

        var adam = TrainingTrace.Of(problem, options).Result;
        var best = TrainingTrace.Of(problem, new TrainingOptions()).Result;

        output.WriteLine($"{adam.Objective / best.Objective - 1:P3} above the optimum after {adam.Steps} steps");
        Assert.Equal((StoppedBy.Epochs, 250, 250, 10.0), (adam.StoppedBy, adam.Steps, adam.Evaluations, adam.Epochs));
        Assert.InRange(adam.Objective / best.Objective - 1, 0, 0.01);
    }

    [Fact]
    public void Each_epoch_asks_for_every_position_once_in_order()
    {
        var trace = TrainingTrace.Of(Plain, Adam with { BatchSize = 40, Epochs = 2, Seed = 9 });

        var positions = trace.Questions.Where(question => question.Request.Kind == EvaluationKind.Batch)
            .Select(question => question.Request.Batch!);
        Assert.Equal(
            from epoch in new[] { 0, 1 } from step in new[] { 0, 1, 2 } select new BatchPosition(epoch, step, 3, 9), positions);
        Assert.Equal([1 / 3.0, 2 / 3.0, 1, 4 / 3.0, 5 / 3.0, 2], trace.Steps.Select(step => step.Epochs));
        Assert.All(trace.Steps, step => Assert.Null(step.GradientMax));
        Assert.Equal(EvaluationKind.Closing, trace.Questions[6].Request.Kind);
    }

    [Fact]
    public void A_limit_on_steps_ends_in_the_middle_of_an_epoch()
    {
        var result = TrainingTrace.Of(Plain, Adam with { BatchSize = 10, MaxSteps = 7 }).Result;

        Assert.Equal((StoppedBy.Steps, 7, 0.7), (result.StoppedBy, result.Steps, result.Epochs));
    }

    [Fact]
    public void A_batch_without_weight_counts_but_takes_no_step()
    {
        var problem = new PlainProblem([[1], [2], [3], [4]], [0, 1, 0, 1], [1, 1, 0, 0], 2);

        var trace = TrainingTrace.Of(problem, Adam with { BatchSize = 2, Epochs = 3 });

        Assert.Equal((3, 6, 3.0), (trace.Result.Steps, trace.Result.Evaluations, trace.Result.Epochs));
        Assert.Equal([1, 2, 3], trace.Steps.Select(step => step.Step));
        Assert.Equal(4, trace.Questions.Take(7).Select(question => question.Version).Distinct().Count() - 1);
    }

    [Fact]
    public void A_step_that_is_not_finite_is_divergence()
    {
        var evaluator = new SlowEvaluator(Plain);
        EvaluationSums FailingAtTheThird(Question question)
        {
            var sums = evaluator.Answer(question);
            sums.NonFinite = question.Version == 3;
            return sums;
        }

        var error = Assert.Throws<DistTrainException>(
            () => TrainingTrace.Of(Trainer.Start(evaluator.Manifest, Adam), FailingAtTheThird));

        Assert.Equal(("DT6001", ExitCode.Diverged), (error.Problem.Code, error.Problem.ExitCode));
        Assert.Equal("training diverged: loss or gradient at step 3 is not finite", error.Problem.Message);
    }

    [Fact]
    public void A_state_that_was_told_a_step_is_used_up()
    {
        var evaluator = new SlowEvaluator(Plain);
        var first = Trainer.Start(evaluator.Manifest, Adam);
        var sums = evaluator.Answer(first.Question!);
        first.Trainer.Tell(sums);

        Assert.Throws<InvalidOperationException>(() => first.Trainer.Tell(sums));
        Assert.Throws<InvalidOperationException>(() => Saved.Of(first.Trainer.Save));
    }

    [Fact]
    public void The_seed_decides_the_path_and_the_same_seed_repeats_its_bits()
    {
        double[] Values(ulong seed) =>
            TrainingTrace.Of(Plain, Adam with { BatchSize = 10, Epochs = 2, Seed = seed }).Result.Parameters.Values;

        Assert.Equal(Values(1), Values(1));
        Assert.NotEqual(Values(1), Values(2));
    }

    /// <summary>One-hot and multi-hot columns beside centred numbers of rms 15, 50 and 1; labels from a hidden taste.</summary>
    static PlainProblem PreferenceLike(int rowCount, ulong seed)
    {
        const int OneHot = 57;
        const int FeatureCount = OneHot + 3;
        double[] sizes = [15, 50, 1];
        var random = new CounterRandom(seed, 3);
        var hidden = new double[3 * FeatureCount];
        for (var i = 0; i < hidden.Length; i++)
            hidden[i] = random.NextGaussian() / (i % FeatureCount < OneHot ? 1 : sizes[i % FeatureCount - OneHot]);

        var (features, labels) = (new double[rowCount][], new int[rowCount]);
        for (var i = 0; i < rowCount; i++)
        {
            var x = features[i] = new double[FeatureCount];
            x[random.NextInt32(7)] = 1;
            x[7 + (int)(20 * random.NextDouble() * random.NextDouble())] = 1;
            for (var genre = 0; genre < 5; genre++) x[27 + random.NextInt32(30)] = 1;
            for (var d = 0; d < sizes.Length; d++) x[OneHot + d] = (float)(sizes[d] * random.NextGaussian());

            var masses = new double[3];
            for (var k = 0; k < 3; k++) masses[k] = Math.Exp(x.Select((value, d) => value * hidden[k * FeatureCount + d]).Sum());
            var left = random.NextDouble() * masses.Sum();
            labels[i] = left < masses[0] ? 0 : left < masses[0] + masses[1] ? 1 : 2;
        }
        return new(features, labels, 3);
    }
}

using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class WarmStartTests
{
    static readonly PlainProblem Plain = PlainProblem.Random(
        seed: 61, rowCount: 400, featureCount: 4, classCount: 3, d => d == 0 ? 3 : 1, isWeighted: true);

    static TrainingOptions Options => new() { L2 = 1e-3, Tolerance = 1e-7, WarmStart = WarmStartKind.Online };

    [Theory]
    [InlineData(OptimizerKind.Lbfgs, 0, 1e-9)]
    [InlineData(OptimizerKind.Lbfgs, 0.2, 1e-9)]
    [InlineData(OptimizerKind.Gd, 0, 1e-6)]
    public void The_optimum_is_the_same_and_the_first_step_starts_nearer_to_it(OptimizerKind optimizer, double smoothing, double tolerance)
    {
        var options = Options with { Optimizer = optimizer, LabelSmoothing = smoothing, ClassWeights = ClassWeighting.Balanced };
        var problem = Plain with { Targets = options.TargetsOf(Plain.Manifest()) };
        var evaluator = new SlowEvaluator(problem, null, 100, 150, 150);
        var optimum = NewtonSolver.Solve(problem, options.L2).Objective;

        var warm = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer);
        var cold = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options with { WarmStart = WarmStartKind.None }), evaluator.Answer);

        Assert.InRange(warm.Result.Objective / optimum - 1, -1e-13, tolerance);
        Assert.InRange((warm.Steps[0].Objective - optimum) / (cold.Steps[0].Objective - optimum), 0, 0.6);
        Assert.Equal((0, 2, 2.0), (warm.Steps[0].Step, warm.Steps[0].Evaluations, warm.Steps[0].Epochs)); // the pass is one, with all rows
        Assert.Equal(EvaluationKind.Online, warm.Questions[0].Request.Kind);
        Assert.All(warm.Questions.Skip(1), question => Assert.NotEqual(EvaluationKind.Online, question.Request.Kind));
    }

    [Fact]
    public void A_run_saved_after_any_step_ends_with_the_bits_of_the_undisturbed_one()
    {
        var evaluator = new SlowEvaluator(Plain, null, 200, 200);
        var undisturbed = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, Options), evaluator.Answer).Result;

        var answer = Trainer.Start(evaluator.Manifest, Options).Trainer.AndResumed(evaluator, Options);
        while (answer.Question is { } question)
        {
            answer = answer.Trainer.Tell(evaluator.Answer(question));
            if (answer is { Steps.IsEmpty: false, Question: not null }) answer = answer.Trainer.AndResumed(evaluator, Options);
        }

        Assert.Equal(undisturbed.Parameters.Values, answer.Result!.Parameters.Values);
        Assert.Equal((undisturbed.Steps, undisturbed.Evaluations), (answer.Result.Steps, answer.Result.Evaluations));
    }

    [Fact]
    public void A_path_of_penalties_is_warmed_once()
    {
        var evaluator = new SlowEvaluator(Plain, PlainProblem.Random(seed: 62, rowCount: 50, featureCount: 4, classCount: 3), 400);
        var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, Options with { L2Path = [1e-3, 1e-2, 1e-4] }), evaluator.Answer);

        Assert.Single(trace.Questions, question => question.Request.Kind == EvaluationKind.Online);
    }

    [Fact]
    public void A_pass_that_is_not_finite_moves_nothing()
    {
        var evaluator = new SlowEvaluator(Plain);
        var start = Trainer.Start(evaluator.Manifest, Options);
        var sums = new EvaluationSums(start.Question!.Parameters.Shape, EvaluationKind.Online) { NonFinite = true };

        var next = start.Trainer.Tell(sums);

        Assert.Equal(start.Question.Parameters.Values.Select(x => (double)(float)x), next.Question!.Parameters.Values);
    }

    [Fact]
    public void Minibatch_optimisers_have_nothing_to_warm()
    {
        var problem = Assert.Single((Options with { Optimizer = OptimizerKind.Adam }).Problems());

        Assert.Equal(("DT3018", "--warm-start online goes before lbfgs or gd"), (problem.Code, problem.Message));
        Assert.Equal(
            ["expected: an optimiser that evaluates all rows at once; the others pass online themselves", "fix: leave one of the two options out"],
            problem.Details);
    }
}

using DistTrain.Formats.State;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Trainers that are saved after a step and taken up again go on as if nothing had happened.</summary>
public class ResumeTests
{
    static readonly PlainProblem Plain = PlainProblem.Random(seed: 31, rowCount: 60, featureCount: 4, classCount: 3);

    public static TheoryData<OptimizerKind> Optimizers => [.. Enum.GetValues<OptimizerKind>()];

    [Theory, MemberData(nameof(Optimizers))]
    public void A_run_saved_after_any_step_ends_with_the_bits_of_the_undisturbed_one(OptimizerKind optimizer)
    {
        var options = new TrainingOptions { Optimizer = optimizer, MaxSteps = 12, BatchSize = 25, Tolerance = 0 };
        var evaluator = new SlowEvaluator(Plain);
        var undisturbed = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer).Result;

        var answer = Trainer.Start(evaluator.Manifest, options);
        var saves = 0;
        while (answer.Question is { } question)
        {
            answer = answer.Trainer.Tell(evaluator.Answer(question));
            if (answer is { Steps.IsEmpty: false, Question: not null })
                (answer, saves) = (answer.Trainer.AndResumed(evaluator, options), saves + 1);
        }

        Assert.InRange(saves, 12, 14);
        AssertSame(undisturbed, answer.Result!);
    }

    public static TheoryData<TrainingOptions> Wrapped => new()
    {
        new TrainingOptions { L2 = 1e-6, Patience = 3, Tolerance = 1e-9 },
        new TrainingOptions { L2 = 1e-2, Suboptimality = 1e-7, Tolerance = 0 },
        new TrainingOptions { L2 = 1e-2, Suboptimality = 1e-5, Patience = 5, Tolerance = 0 },
        new TrainingOptions { L2Path = [1e-3, 1e-1, 1e-5], MaxSteps = 6, Tolerance = 1e-4 },
        new TrainingOptions { L2Path = [1e-3, 1e-1], Suboptimality = 1e-6, Patience = 4 },
        new TrainingOptions { Optimizer = OptimizerKind.Adam, BatchSize = 25, Epochs = 30, Patience = 2, LearningRate = 0.2 },
        new TrainingOptions { Optimizer = OptimizerKind.Sgd, BatchSize = 25, Epochs = 3, L2Path = [1e-3, 1e-1], Patience = 2, Suboptimality = 1e-3 },
    };

    [Theory, MemberData(nameof(Wrapped))]
    public void So_does_one_that_watches_tries_its_certificate_or_walks_a_path_saved_at_any_answer_with_a_step(TrainingOptions options)
    {
        var evaluator = new SlowEvaluator(Plain, PlainProblem.Random(seed: 32, rowCount: 40, featureCount: 4, classCount: 3));
        var undisturbed = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer).Result;

        var answer = Trainer.Start(evaluator.Manifest, options);
        while (answer.Question is { } question)
        {
            answer = answer.Trainer.Tell(evaluator.Answer(question));
            if (answer is { Steps.IsEmpty: false, Question: not null }) answer = answer.Trainer.AndResumed(evaluator, options);
        }

        AssertSame(undisturbed, answer.Result!);
        Assert.Equal(undisturbed.Path.AsEnumerable(), answer.Result!.Path);
    }

    [Fact]
    public void So_does_one_with_L1()
    {
        var evaluator = new SlowEvaluator(Plain);
        foreach (var optimizer in new[] { OptimizerKind.Lbfgs, OptimizerKind.Gd })
        {
            var options = new TrainingOptions { Optimizer = optimizer, L1 = 1e-2, Standardize = true, MaxSteps = 12, Tolerance = 0 };
            var undisturbed = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer).Result;

            var answer = Trainer.Start(evaluator.Manifest, options);
            while (answer.Question is { } question)
            {
                answer = answer.Trainer.Tell(evaluator.Answer(question));
                if (answer is { Steps.IsEmpty: false, Question: not null }) answer = answer.Trainer.AndResumed(evaluator, options);
            }

            Assert.Equal(12, answer.Result!.Steps);
            AssertSame(undisturbed, answer.Result);
        }
    }

    [Fact]
    public void Closing_passes_are_repeated_from_their_beginning()
    {
        var (options, evaluator) = (new TrainingOptions(), new SlowEvaluator(Plain));
        var undisturbed = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer).Result;
        var trace = new List<TrainerAnswer> { Trainer.Start(evaluator.Manifest, options) };
        while (trace[^1].Question is { } question) trace.Add(trace[^1].Trainer.Tell(evaluator.Answer(question)));

        var resumed = trace[^2].Trainer.AndResumed(evaluator, options);

        AssertSame(undisturbed, TrainingTrace.Of(resumed, evaluator.Answer).Result);
    }

    [Fact]
    public void Ranking_and_calibration_are_repeated_with_the_closing_passes()
    {
        var options = new TrainingOptions { Calibration = CalibrationKind.Temperature };
        var evaluator = new SlowEvaluator(Plain, PlainProblem.Random(seed: 32, rowCount: 40, featureCount: 4, classCount: 3));
        var answer = Trainer.Start(evaluator.Manifest, options);
        var undisturbed = TrainingTrace.Of(answer, evaluator.Answer).Result;
        var resumptions = 0;
        while (answer.Question is { } question)
        {
            answer = answer.Trainer.Tell(evaluator.Answer(question));
            if (!answer.Trainer.IsClosing || answer.Question is null) continue;
            resumptions++;
            var resumed = TrainingTrace.Of(answer.Trainer.AndResumed(evaluator, options), evaluator.Answer).Result;
            AssertSame(undisturbed, resumed);
            Assert.Equal(undisturbed.Calibration, resumed.Calibration);
            Assert.Equal(undisturbed.Validation!.RocAuc, resumed.Validation!.RocAuc);
        }
        Assert.InRange(resumptions, 6, 20);
    }

    [Fact]
    public void The_state_of_another_optimiser_is_refused()
    {
        var evaluator = new SlowEvaluator(Plain);
        var adam = Trainer.Start(evaluator.Manifest, new TrainingOptions { Optimizer = OptimizerKind.Adam }).Trainer;
        using var stream = Saved.Of(adam.Save);

        var refusal = Assert.Throws<InvalidDataException>(
            () => Trainer.Resume(evaluator.Manifest, new TrainingOptions(), new StateReader(stream)));
        Assert.Equal("the state holds \"minibatch\" where \"fullBatch\" was expected", refusal.Message);
    }

    static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(Bits(expected), Bits(actual));
        Assert.Equal(
            (expected.Steps, expected.Evaluations, expected.Epochs, expected.StoppedBy, expected.Objective),
            (actual.Steps, actual.Evaluations, actual.Epochs, actual.StoppedBy, actual.Objective));
    }

    static IEnumerable<long> Bits(TrainingResult result) => result.Parameters.Values.Select(BitConverter.DoubleToInt64Bits);
}

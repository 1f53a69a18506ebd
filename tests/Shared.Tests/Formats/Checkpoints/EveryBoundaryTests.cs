using System.Collections.Immutable;
using DistTrain.Formats;
using DistTrain.Formats.Checkpoints;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats.Checkpoints;

/// <summary>
/// A run that goes on from a checkpoint of any of its steps ends as the undisturbed one, whatever is trained in whatever way.
/// </summary>
public class EveryBoundaryTests
{
    static readonly CheckpointIdentity Identity = new("0.1.0", "arithmetic", "data", ImmutableSortedDictionary<string, string>.Empty);

    static readonly PlainProblem Training = PlainProblem.Random(seed: 51, rowCount: 50, featureCount: 4, classCount: 3);
    static readonly PlainProblem Validation = PlainProblem.Random(seed: 52, rowCount: 30, featureCount: 4, classCount: 3);

    static readonly TrainingOptions Small = new() { MaxSteps = 9, BatchSize = 20, Tolerance = 0, Epochs = 100 };

    static readonly Dictionary<string, TrainingOptions> Cases = new()
    {
        ["L1"] = Small with { L1 = 1e-2 },
        ["L1, gradient descent"] = Small with { Optimizer = OptimizerKind.Gd, L1 = 1e-2 },
        ["L1, FTRL"] = Small with { Optimizer = OptimizerKind.Ftrl, L1 = 1e-2 },
        ["standardised, own factors"] = Small with { L1 = 1e-3, Standardize = true, PenaltyFactors = [1, 0.5, 2, 1] },
        ["patience"] = Small with { Patience = 2, MaxSteps = 40 },
        ["patience, minibatches"] = Small with { Optimizer = OptimizerKind.Adam, Patience = 2, LearningRate = 1, MaxSteps = 60 },
        ["certificate"] = Small with { Suboptimality = 1e-9, MaxSteps = 60 },
        ["path"] = Small with { L2Path = [1e-3, 1e-1, 1e-2], MaxSteps = 5 },
        ["path of minibatches"] = Small with { Optimizer = OptimizerKind.Momentum, L2Path = [1e-3, 1e-1], MaxSteps = 7 },
        ["path with patience"] = Small with { L2Path = [1e-3, 1e-1], Patience = 3, MaxSteps = 12 },
        ["schedule, warm-up, clipping"] = Small with
        {
            Optimizer = OptimizerKind.Nesterov,
            LearningRateSchedule = LearningRateSchedule.Cosine,
            Warmup = 3,
            ClipNorm = 0.1,
            MaxSteps = null,
            Epochs = 5,
        },
        ["smoothing, balanced, calibrated"] = Small with
        {
            LabelSmoothing = 0.1,
            ClassWeights = ClassWeighting.Balanced,
            Calibration = CalibrationKind.Temperature,
        },
        ["warm start"] = Small with { WarmStart = WarmStartKind.Online },
        ["converges"] = Small with { MaxSteps = null, Tolerance = 1e-5 },
        ["ends by precision"] = Small with { MaxSteps = null },
    };

    public static TheoryData<string> Names => [.. Cases.Keys, .. Enum.GetValues<OptimizerKind>().Select(Words.Of)];

    [Theory, MemberData(nameof(Names))]
    public void It_ends_with_the_same_bits_and_figures(string name)
    {
        var options = Cases.GetValueOrDefault(name) ?? Small with { Optimizer = Words.OptimizerOf(name)!.Value };
        var evaluator = new SlowEvaluator(Training with { Targets = options.TargetsOf(Training.Manifest()) }, Validation);
        var (undisturbed, checkpoints) = Train(evaluator, options);

        Assert.InRange(checkpoints.Count, 3, 200);
        foreach (var bytes in checkpoints)
        {
            var point = Checkpoint.Resume(new MemoryStream(bytes), "c", Identity, evaluator.Manifest, options);
            AssertSame(undisturbed, TrainingTrace.Of(point.First, evaluator.Answer).Result);
        }
    }

    /// <summary>The result, and a checkpoint of every step on the way, made before the trainer is told anything more.</summary>
    static (TrainingResult Result, List<byte[]> Checkpoints) Train(SlowEvaluator evaluator, TrainingOptions options)
    {
        var (answer, checkpoints) = (Trainer.Start(evaluator.Manifest, options), new List<byte[]>());
        while (answer.Question is { } question)
        {
            answer = answer.Trainer.Tell(evaluator.Answer(question));
            if (answer is not { Steps: [.., var step], Question: { } next }) continue;
            var boundary = new StepBoundary(answer.Trainer, next.Parameters, step.Step, step.Epochs, answer.Trainer.IsClosing);
            checkpoints.Add([.. Checkpoint.Compose(Identity, Term.First, boundary).SelectMany(part => part.ToArray())]);
        }
        return (answer.Result!, checkpoints);
    }

    static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(expected.Parameters.Values.Select(BitConverter.DoubleToInt64Bits), actual.Parameters.Values.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(
            (expected.Steps, expected.Evaluations, expected.Epochs, expected.StoppedBy, expected.Objective, expected.SuboptimalityBound),
            (actual.Steps, actual.Evaluations, actual.Epochs, actual.StoppedBy, actual.Objective, actual.SuboptimalityBound));
        Assert.Equal(expected.Validation!.LogLoss, actual.Validation!.LogLoss);
        Assert.Equal(expected.Path.Select(point => (point.L2, point.IsChosen)), actual.Path.Select(point => (point.L2, point.IsChosen)));
        Assert.Equal(expected.Calibration, actual.Calibration);
    }
}

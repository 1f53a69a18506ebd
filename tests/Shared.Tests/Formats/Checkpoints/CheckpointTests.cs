using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Formats.Checkpoints;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats.Checkpoints;

public class CheckpointTests
{
    const string Shown = "r/checkpoints/0000000004-000002";

    static readonly SlowEvaluator Evaluator = new(PlainProblem.Random(seed: 41, rowCount: 30, featureCount: 2, classCount: 2));
    static readonly TrainingOptions Options = new() { Tolerance = 0, MaxSteps = 6 };

    static readonly CheckpointIdentity Identity = new(
        "0.1.0", "arithmetic", "data", ImmutableSortedDictionary<string, string>.Empty.Add("l2", "0.0001").Add("seed", "1"));

    [Fact]
    public void A_run_goes_on_from_its_checkpoint_with_the_question_it_had_asked()
    {
        var boundary = BoundaryAt(4);

        var resumed = Resume(Bytes(boundary));

        Assert.Equal((4, boundary.Epochs, Shown), (resumed.Step, resumed.Epochs, resumed.Checkpoint));
        Assert.Equal(boundary.Asked.Values, resumed.First.Question!.Parameters.Values);
        Assert.Empty(resumed.First.Steps);
    }

    [Fact]
    public void A_checkpoint_that_ends_too_early_is_refused_wherever_it_ends()
    {
        var bytes = Bytes(BoundaryAt(1));
        Assert.All(Enumerable.Range(0, bytes.Length), length => AssertRefused(bytes[..length], Shown));
    }

    [Fact]
    public void A_checkpoint_with_any_bit_flipped_is_refused()
    {
        var bytes = Bytes(BoundaryAt(1));
        Assert.All(Enumerable.Range(0, 8 * bytes.Length), bit =>
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            AssertRefused(damaged, Shown);
        });
    }

    [Fact]
    public void A_checkpoint_with_more_behind_it_is_refused() => AssertRefused([.. Bytes(BoundaryAt(1)), 0], "does not fit its content");

    [Fact]
    public void Another_format_is_refused_by_its_number()
    {
        var bytes = Bytes(BoundaryAt(1));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 2);
        AssertRefused(Hashed(bytes), $"{Shown}: of format 2; this version reads format 1");
    }

    [Fact]
    public void A_header_that_has_no_place_is_refused()
    {
        var bytes = Bytes(BoundaryAt(1));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length);
        AssertRefused(Hashed(bytes), "its header has no place in it");
    }

    [Theory]
    [InlineData("version", "it is of DistTrain 0.0.9, this is 0.1.0")]
    [InlineData("arithmetic", "it was computed with other arithmetic (other, here arithmetic)")]
    [InlineData("dataset", "it is of another dataset (other, here data)")]
    [InlineData("options", "it is of a run with --batch-size 10 (here nothing), --l2 0.1 (here 0.0001), --seed nothing (here 1)")]
    public void A_checkpoint_of_another_run_is_refused_with_each_difference_named(string what, string expected)
    {
        var other = what switch
        {
            "version" => Identity with { ProductVersion = "0.0.9" },
            "arithmetic" => Identity with { ArithmeticHash = "other" },
            "dataset" => Identity with { DatasetFingerprint = "other" },
            _ => Identity with { Mathematics = Identity.Mathematics.SetItem("l2", "0.1").Remove("seed").Add("batch-size", "10") },
        };

        var refusal = Assert.Throws<DistTrainException>(() => Resume(Bytes(BoundaryAt(1), other)));

        Assert.Equal(("DT7102", ExitCode.Unreadable), (refusal.Problem.Code, refusal.Problem.ExitCode));
        Assert.Equal($"{Shown}: {expected}", refusal.Problem.Message);
    }

    [Fact]
    public void The_state_of_another_optimiser_is_refused()
    {
        var bytes = Bytes(BoundaryAt(1));
        var adam = Options with { Optimizer = OptimizerKind.Adam };

        var refusal = Assert.Throws<DistTrainException>(
            () => Checkpoint.Resume(new MemoryStream(bytes), Shown, Identity, Evaluator.Manifest, adam));

        Assert.Equal($"{Shown}: the state holds \"fullBatch\" where \"minibatch\" was expected", refusal.Problem.Message);
    }

    [Fact]
    public void Parameters_that_come_out_as_others_are_refused()
    {
        var boundary = BoundaryAt(1);
        var bytes = Bytes(boundary with { Asked = new(boundary.Asked.Shape) });

        AssertRefused(bytes, "its parameters come out as others than were saved");
    }

    [Theory]
    [InlineData(OptimizerKind.Adam, 3, 10), InlineData(OptimizerKind.Adam, 2, 10), InlineData(OptimizerKind.Adam, null, 1)]
    [InlineData(OptimizerKind.Ftrl, 1, 1)]
    public void A_run_whose_limit_is_passed_by_then_closes_where_it_stands(OptimizerKind optimizer, int? stepsMax, int epochs)
    {
        var options = Options with { Optimizer = optimizer, BatchSize = 15 };
        var boundary = BoundaryAt(3, options);

        var resumed = Checkpoint.Resume(
            new MemoryStream(Bytes(boundary)), Shown, Identity, Evaluator.Manifest, options with { MaxSteps = stepsMax, Epochs = epochs });

        Assert.NotEqual(EvaluationKind.Batch, resumed.First.Question!.Request.Kind);
        Assert.Equal(3, ResultOf(resumed.First).Steps);
    }

    static TrainingResult ResultOf(TrainerAnswer answer)
    {
        while (answer.Question is { } question) answer = answer.Trainer.Tell(Evaluator.Answer(question));
        return answer.Result!;
    }

    static StepBoundary BoundaryAt(int step, TrainingOptions? options = null)
    {
        var answer = Trainer.Start(Evaluator.Manifest, options ?? Options);
        while (answer.Steps is not [var last] || last.Step < step) answer = answer.Trainer.Tell(Evaluator.Answer(answer.Question!));
        return new StepBoundary(answer.Trainer, answer.Question!.Parameters, step, answer.Steps[0].Epochs, IsClosing: false);
    }

    static byte[] Bytes(StepBoundary boundary, CheckpointIdentity? identity = null) =>
        [.. Checkpoint.Compose(identity ?? Identity, new Term(2), boundary).SelectMany(part => part.ToArray())];

    static byte[] Hashed(byte[] bytes) =>
        [.. bytes[..^SHA256.HashSizeInBytes], .. SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes))];

    static ResumePoint Resume(byte[] bytes) => Checkpoint.Resume(new MemoryStream(bytes), Shown, Identity, Evaluator.Manifest, Options);

    static void AssertRefused(byte[] bytes, string expected)
    {
        var refusal = Assert.Throws<DistTrainException>(() => Resume(bytes));
        Assert.Equal(("DT7101", ExitCode.Unreadable), (refusal.Problem.Code, refusal.Problem.ExitCode));
        Assert.Contains(expected, refusal.Problem.Message, StringComparison.Ordinal);
    }
}

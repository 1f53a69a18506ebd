using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Trainers that are told to close before they are done.</summary>
public sealed class TrainerCloseTests
{
    static readonly SlowEvaluator Evaluator = new(
        PlainProblem.Random(seed: 3, rowCount: 60, featureCount: 5, classCount: 3),
        PlainProblem.Random(seed: 4, rowCount: 40, featureCount: 5, classCount: 3));

    public static TheoryData<TrainingOptions> Kinds => new()
    {
        new TrainingOptions(),
        new TrainingOptions { Optimizer = OptimizerKind.Adam, Epochs = 3, BatchSize = 20, Patience = 2 },
        new TrainingOptions { L2 = 1e-2, Patience = 3, Suboptimality = 1e-6 },
        new TrainingOptions { L2Path = [1e-1, 1e-2, 1e-3], MaxSteps = 4 },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Closing_after_any_answer_gives_a_whole_result(TrainingOptions options)
    {
        var questions = TrainingTrace.Of(Trainer.Start(Evaluator.Manifest, options), Evaluator.Answer).Questions.Count;
        var closed = 0;
        for (var told = 0; told < questions; told++)
        {
            var answer = Trainer.Start(Evaluator.Manifest, options);
            for (var i = 0; i < told; i++) answer = answer.Trainer.Tell(Evaluator.Answer(answer.Question!));
            if (answer.Trainer.IsClosing) break;

            var result = TrainingTrace.Of(answer.Trainer.Close(StoppedBy.Time), Evaluator.Answer).Result;
            Assert.Equal((StoppedBy.Time, false), (result.StoppedBy, result.Converged));
            Assert.All(result.Parameters.Values, value => Assert.True(double.IsFinite(value)));
            Assert.NotNull(result.Validation);
            closed++;
        }
        Assert.InRange(closed, 5, questions - 3);
    }

    [Fact]
    public void A_watched_run_closes_at_its_best_point()
    {
        var options = new TrainingOptions { L2 = 1e-7, Tolerance = 0, Patience = 100 };
        var answer = Trainer.Start(Evaluator.Manifest, options);
        var best = double.PositiveInfinity;
        for (var i = 0; i < 40; i++)
        {
            answer = answer.Trainer.Tell(Evaluator.Answer(answer.Question!));
            foreach (var watched in answer.Notices.OfType<ValidationWatchedNotice>()) best = Math.Min(best, watched.LogLoss);
        }

        Assert.Equal(best, TrainingTrace.Of(answer.Trainer.Close(StoppedBy.Time), Evaluator.Answer).Result.Validation!.LogLoss);
    }

    [Fact]
    public void A_path_closes_at_the_best_penalty_that_is_done()
    {
        var options = new TrainingOptions { L2Path = [1e-1, 1e-2, 1e-9], Tolerance = 1e-7 };
        var answer = Trainer.Start(Evaluator.Manifest, options);
        var done = new List<PathPoint>();
        while (done.Count < 2 || answer.Steps.IsEmpty)
        {
            answer = answer.Trainer.Tell(Evaluator.Answer(answer.Question!));
            done.AddRange(answer.Notices.OfType<PathPointNotice>().Select(notice => notice.Point));
        }

        var result = TrainingTrace.Of(answer.Trainer.Close(StoppedBy.Time), Evaluator.Answer).Result;

        Assert.Equal(2, result.Path.Length);
        Assert.Equal(done.MinBy(point => point.LogLoss)!.L2, result.L2);
        Assert.Equal(done.Min(point => point.LogLoss), result.Validation!.LogLoss);
        Assert.True(result.Evaluations > done.Sum(point => point.Evaluations));
    }

    [Fact]
    public void What_closes_cannot_be_closed_again()
    {
        var closing = Trainer.Start(Evaluator.Manifest, new TrainingOptions()).Trainer.Close(StoppedBy.Time).Trainer;

        Assert.True(closing.IsClosing);
        Assert.Equal(
            "Training has stopped already.", Assert.Throws<InvalidOperationException>(() => closing.Close(StoppedBy.Time)).Message);
    }
}

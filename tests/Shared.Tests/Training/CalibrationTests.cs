using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class CalibrationTests
{
    static readonly PlainProblem Plain = PlainProblem.Random(seed: 17, rowCount: 240, featureCount: 4, classCount: 3, isWeighted: true);
    static readonly PlainProblem Training = Part(Plain, 0, 160);
    static readonly PlainProblem HeldOut = Part(Plain, 160, 240);

    [Theory]
    [InlineData(1.0)] // far too cautious: the temperature sharpens
    [InlineData(1e-2)]
    [InlineData(1e-8)] // on 160 rows too sure
    public void The_temperature_is_the_one_with_the_least_log_loss_of_the_held_out_rows(double l2)
    {
        var result = Train(Training, HeldOut, new TrainingOptions { L2 = l2, Calibration = CalibrationKind.Temperature });

        var (calibration, least) = (result.Calibration!, Least(result.Parameters, HeldOut));
        Assert.Equal(least, calibration.Temperature, 1e-5 * least);
        Assert.Equal(LogLoss(result.Parameters, HeldOut, 1), calibration.LogLossBefore, 1e-12);
        Assert.Equal(LogLoss(result.Parameters, HeldOut, calibration.Temperature), calibration.LogLossFitted, 1e-12);
        Assert.True(calibration.LogLossFitted < calibration.LogLossBefore);
        Assert.Equal(result.Validation!.LogLoss!.Value, calibration.LogLossBefore, 1e-12);
        Assert.False(calibration.IsAtLimit);
        Assert.Equal(l2 == 1, calibration.Temperature < 0.5);
    }

    [Fact]
    public void Perfectly_separated_held_out_rows_have_no_best_temperature()
    {
        var rows = new PlainProblem([[-2.0], [-1.5], [1.5], [2.0]], [0, 0, 1, 1], 2);

        var calibration = Train(rows, rows, new TrainingOptions { Calibration = CalibrationKind.Temperature }).Calibration!;

        Assert.True(calibration.IsAtLimit);
        Assert.InRange(calibration.Temperature, TemperatureSearch.TemperatureMin, 0.2);
        Assert.InRange(calibration.LogLossFitted, 0, 1e-12);
    }

    [Fact]
    public void Held_out_rows_that_are_all_wrong_end_at_the_largest_temperature()
    {
        var rows = new PlainProblem([[-2.0], [-1.5], [1.5], [2.0]], [0, 0, 1, 1], 2);

        var calibration = Train(rows, rows with { Labels = [1, 1, 0, 0] }, new TrainingOptions { Calibration = CalibrationKind.Temperature }).Calibration!;

        Assert.Equal((TemperatureSearch.TemperatureMax, true), (calibration.Temperature, calibration.IsAtLimit));
    }

    [Fact]
    public void Parameters_and_metrics_are_those_of_the_run_without()
    {
        var plain = Train(Training, HeldOut, new TrainingOptions());
        var calibrated = Train(Training, HeldOut, new TrainingOptions { Calibration = CalibrationKind.Temperature });

        Assert.Null(plain.Calibration);
        Assert.Equal(plain.Parameters.Values, calibrated.Parameters.Values);
        Assert.Equal(plain.Validation!.LogLoss, calibrated.Validation!.LogLoss);
        Assert.Equal(plain.Validation.PerClass, calibrated.Validation.PerClass);
        Assert.Equal(plain.Evaluations, calibrated.Evaluations);
    }

    [Fact]
    public void Few_evaluations_of_the_held_out_part_are_enough()
    {
        var evaluator = new SlowEvaluator(Training, HeldOut);
        var options = new TrainingOptions { Calibration = CalibrationKind.Temperature };

        var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer);

        var calibrating = trace.Questions.Where(question => question.Request.Kind == EvaluationKind.Calibration).ToArray();
        Assert.InRange(calibrating.Length, 2, 8);
        Assert.Equal(1, calibrating[0].Request.InverseTemperature);
        Assert.Equal(1 / trace.Result.Calibration!.Temperature, calibrating[^1].Request.InverseTemperature, 1e-12);
        Assert.All(calibrating, question => Assert.Equal(DatasetPart.Validation, question.Request.Part));
    }

    [Fact]
    public void Without_held_out_rows_it_cannot_be_asked_for()
    {
        var options = new TrainingOptions { Calibration = CalibrationKind.Temperature };
        var problem = Assert.Single(options.ProblemsWithoutValidation());
        Assert.Equal("--calibrate temperature needs a validation part, but no row is held out", problem.Message);
        Assert.Empty(new TrainingOptions().ProblemsWithoutValidation());
    }

    [Theory, InlineData(3, 1), InlineData(8, 1), InlineData(9, 2), InlineData(20, 3), InlineData(64, 8), InlineData(65, 0)]
    public void Classes_are_ranked_in_groups_of_eight_and_not_beyond_64(int classCount, int expected)
    {
        var rows = PlainProblem.Random(seed: 18, rowCount: 150, featureCount: 2, classCount);
        var evaluator = new SlowEvaluator(rows, rows);

        var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, new TrainingOptions { MaxSteps = 1 }), evaluator.Answer);

        Assert.Equal(expected, trace.Questions.Count(question => question.Request.Kind == EvaluationKind.Ranking));
        var metrics = trace.Result.Validation!;
        Assert.Equal(expected > 0, metrics.RocAuc is not null);
        Assert.All(metrics.PerClass, of => Assert.Equal(expected > 0, of.RocAuc is not null));
        Assert.Null(trace.Result.Training.RocAuc);
        if (expected > 0) Assert.Equal(metrics.PerClass.Average(of => of.RocAuc!.Value), metrics.RocAuc!.Value, 1e-15);
    }

    static TrainingResult Train(PlainProblem training, PlainProblem heldOut, TrainingOptions options)
    {
        var evaluator = new SlowEvaluator(training, heldOut);
        return TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer).Result;
    }

    static PlainProblem Part(PlainProblem rows, int first, int end) => rows with
    {
        Features = rows.Features[first..end],
        Labels = rows.Labels[first..end],
        Weights = rows.Weights[first..end],
    };

    /// <summary>By golden section over the logarithm of the temperature.</summary>
    static double Least(Parameters parameters, PlainProblem rows)
    {
        var (low, high, golden) = (Math.Log(0.01), Math.Log(100), (Math.Sqrt(5) - 1) / 2);
        while (high - low > 1e-8)
        {
            var (left, right) = (high - golden * (high - low), low + golden * (high - low));
            if (LogLoss(parameters, rows, Math.Exp(left)) < LogLoss(parameters, rows, Math.Exp(right))) high = right;
            else low = left;
        }
        return Math.Exp((low + high) / 2);
    }

    static double LogLoss(Parameters parameters, PlainProblem rows, double temperature)
    {
        var loss = 0.0;
        for (var row = 0; row < rows.RowCount; row++)
        {
            float[] x = [.. rows.Features[row].Select(value => (float)value)];
            var logits = SlowSoftmax.Logits(x, parameters).Select(z => z / temperature).ToArray();
            loss += rows.Weights[row] * (SlowSoftmax.LogSumExp(logits) - logits[rows.Labels[row]]);
        }
        return loss / rows.Weights.Sum();
    }
}

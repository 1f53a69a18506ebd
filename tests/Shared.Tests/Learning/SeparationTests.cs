using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Learning;

/// <summary>Objectives without a minimum.</summary>
public sealed class SeparationTests
{
    static readonly TrainingOptions WithoutPenalty = new() { L2 = 0 };

    [Fact]
    public void Rows_that_a_line_separates_have_no_optimum_and_are_not_converged()
    {
        var problem = new PlainProblem([[-2], [-1], [1], [3]], [0, 0, 1, 1], 2);

        var result = TrainingTrace.Of(problem, WithoutPenalty).Result;

        Assert.Equal(new Separation(null, null), result.Separation);
        Assert.Equal((StoppedBy.Tolerance, false), (result.StoppedBy, result.Converged));
    }

    [Fact]
    public void A_penalty_gives_them_an_optimum()
    {
        var problem = new PlainProblem([[-2], [-1], [1], [3]], [0, 0, 1, 1], 2);

        var result = TrainingTrace.Of(problem, new TrainingOptions { L2 = 1e-6 }).Result;

        Assert.Null(result.Separation);
        Assert.True(result.Converged);
    }

    [Fact]
    public void So_does_one_of_absolute_values()
    {
        var problem = new PlainProblem([[-2], [-1], [1], [3]], [0, 0, 1, 1], 2);

        Assert.Null(TrainingTrace.Of(problem, WithoutPenalty with { L1 = 1e-3 }).Result.Separation);
    }

    [Fact]
    public void Of_partly_penalised_features_only_one_without_penalty_separates()
    {
        // Feature 0 alone separates the classes; class 0 never has feature 1.
        var problem = new PlainProblem([[-2, 0], [-1, 0], [1, 1], [3, 0]], [0, 0, 1, 1], 2);
        Separation? With(params double[] factors) =>
            TrainingTrace.Of(problem, new TrainingOptions { L2 = 1e-3, PenaltyFactors = [.. factors], MaxSteps = 30 }).Result.Separation;

        Assert.Null(With(1, 1));
        Assert.Equal(new Separation(1, 0), With(1, 0));
        Assert.Null(With(0, 1)); // Not proven: that direction grows a penalised weight too, or none is looked for.
    }

    [Fact]
    public void Smoothed_labels_give_them_an_optimum()
    {
        var problem = new PlainProblem([[-2], [-1], [1], [3]], [0, 0, 1, 1], 2);

        Assert.Null(TrainingTrace.Of(problem, WithoutPenalty with { LabelSmoothing = 0.1 }).Result.Separation);
    }

    [Fact]
    public void Rows_that_overlap_have_one()
    {
        var problem = new PlainProblem([[-2], [-1], [1], [3], [0.5]], [0, 0, 1, 1, 0], [1, 1, 1, 1, 0], 2); // The last counts for nothing.
        var overlapping = new PlainProblem([[-2], [-1], [1], [3], [2]], [0, 0, 1, 1, 0], 2);

        Assert.NotNull(TrainingTrace.Of(problem, WithoutPenalty).Result.Separation);
        Assert.Null(TrainingTrace.Of(overlapping, WithoutPenalty).Result.Separation);
    }

    [Fact]
    public void A_feature_that_a_class_never_has_is_named_though_other_rows_overlap()
    {
        // Feature 1 is 1 in some rows of classes 0 and 2 and in none of class 1.
        double[][] rows = [[0, 1], [1, 0], [0, 0], [1, 0], [0, 0], [1, 1], [0, 0], [1, 1], [0, 0]];
        var problem = new PlainProblem(rows, [0, 0, 0, 1, 1, 2, 2, 0, 2], 3);

        var result = TrainingTrace.Of(problem, WithoutPenalty with { MaxSteps = 30 }).Result;

        Assert.Equal(new Separation(1, 1), result.Separation);
        Assert.False(result.Converged);
        Assert.True(result.Parameters.WeightsOf(1)[1] < -2, $"weight {result.Parameters.WeightsOf(1)[1]}");
    }

    [Fact]
    public void A_feature_of_both_signs_whose_sum_is_0_in_a_class_is_no_such_feature()
    {
        double[][] rows = [[1], [-1], [2], [-0.5], [0.5], [-2]];

        Assert.Null(TrainingTrace.Of(new PlainProblem(rows, [0, 0, 1, 1, 1, 0], 2), WithoutPenalty).Result.Separation);
    }
}

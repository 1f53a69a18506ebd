using DistTrain.Coordinator.Reports;

namespace DistTrain.Cli.Tests.Reports;

public sealed class BaselineTests
{
    [Fact]
    public void Class_shares_alone_have_the_entropy_of_the_classes()
    {
        var data = ReportExample.Of(["a", "b"], ["year"]);

        // Shares 1/3 and 2/3, in training as in what is held out.
        Assert.Equal(Math.Log(3) / 3 + 2 * Math.Log(1.5) / 3, Baseline.LogLoss(data.Model, data.Judged)!.Value, 1e-12);
    }

    [Fact]
    public void Rows_of_a_class_without_training_rows_make_it_infinite()
    {
        var data = ReportExample.Of(["a", "b"], ["year"]);
        Assert.Null(Baseline.LogLoss(data.Model with { TrainingClassWeights = [0, 1] }, data.Judged));
    }
}

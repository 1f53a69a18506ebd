using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class PaceTests
{
    static readonly EvaluationRequest Gradient = new(EvaluationKind.Gradient);

    [Fact]
    public void Nothing_is_expected_of_a_kind_or_part_never_seen()
    {
        var pace = Pace.Unknown.Observe(Gradient, TimeSpan.FromSeconds(1), threads: 2);
        Assert.Null(Pace.Unknown.Expected(Gradient, 2));
        Assert.Null(pace.Expected(new EvaluationRequest(EvaluationKind.Closing), 2));
        Assert.Null(pace.Expected(new EvaluationRequest(EvaluationKind.Gradient, DatasetPart.Validation), 2));
    }

    [Fact]
    public void The_median_of_the_last_nine_is_expected()
    {
        var pace = Pace.Unknown;
        for (var second = 1; second <= 20; second++) pace = pace.Observe(Gradient, TimeSpan.FromSeconds(second), threads: 2);
        Assert.Equal(TimeSpan.FromSeconds(16), pace.Expected(Gradient, 2)); // Of 12 … 20.
    }

    [Theory, InlineData(4, 2), InlineData(2, 4), InlineData(8, 2), InlineData(1, 8)]
    public void Fewer_threads_take_longer_more_are_not_trusted_to_be_faster(int threads, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds), Pace.Unknown.Observe(Gradient, TimeSpan.FromSeconds(2), threads: 4).Expected(Gradient, threads));
}

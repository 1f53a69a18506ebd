using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class TrainingRunOptionsTests
{
    static readonly TrainingRunOptions Usable = new()
    {
        Run = new RunId("run"),
        Shape = new ModelShape(2, 1),
        TrainingRows = [1],
        ArithmeticHash = "hash",
    };

    [Fact]
    public void Defaults_are_usable() => Assert.Empty(Usable.Problems());

    [Fact]
    public void Everything_out_of_range_is_told_at_once()
    {
        var problems = (Usable with { MinWorkers = 0, LeaseMin = TimeSpan.Zero, LeaseMultiple = double.NaN, AnswerTimeout = TimeSpan.Zero }).Problems().ToArray();

        Assert.Equal(["MinWorkers is 0", "LeaseMin is 00:00:00", "LeaseMultiple is NaN", "AnswerTimeout is 00:00:00"], problems.Select(problem => problem.Message));
        Assert.All(problems, problem => Assert.Equal(("DT3020", ExitCode.Configuration), (problem.Code, problem.ExitCode)));
    }
}

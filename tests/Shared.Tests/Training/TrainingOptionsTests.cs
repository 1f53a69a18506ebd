using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class TrainingOptionsTests
{
    [Fact]
    public void A_certificate_to_stop_by_needs_a_penalty()
    {
        var problem = Assert.Single(new TrainingOptions { L2 = 0, Suboptimality = 1e-6 }.Problems());
        Assert.Equal(
            ("DT3003", ExitCode.Configuration, "--suboptimality has no certificate to go by: --l2 is 0"),
            (problem.Code, problem.ExitCode, problem.Message));
    }

    [Fact]
    public void Whatever_judges_by_the_validation_part_needs_one()
    {
        var problems = new TrainingOptions { L2Path = [1, 2], Patience = 3, Calibration = CalibrationKind.Temperature }
            .ProblemsWithoutValidation().ToArray();

        Assert.Equal(
            ["a list in --l2", "--patience", "--calibrate temperature"],
            problems.Select(problem => problem.Message.Split(" needs a validation part")[0]));
        Assert.All(problems, problem => Assert.Equal(("DT3004", ExitCode.Configuration), (problem.Code, problem.ExitCode)));
    }
}

using DistTrain.Data;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Data;

public class DatasetOptionsTests
{
    [Fact]
    public void Defaults_have_no_problems() => Assert.Empty(new DatasetOptions().Problems());

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var options = new DatasetOptions { ValidationFraction = 1, Shards = 0, MaxClasses = 1, Classes = ["a", "a"] };

        Assert.Equal(
            ["--validation is 1", "--shards is 0", "--max-classes is 1", "--classes is a,a"],
            options.Problems().Select(problem => problem.Message));
        Assert.All(options.Problems(), problem => Assert.Equal(ExitCode.Configuration, problem.ExitCode));
    }

    [Theory, InlineData(-0.1), InlineData(1.0), InlineData(double.NaN)]
    public void A_validation_fraction_outside_0_to_1_is_a_problem(double fraction) =>
        Assert.Equal(
            "expected: a fraction of at least 0 and below 1",
            Assert.Single(new DatasetOptions { ValidationFraction = fraction }.Problems()).Details[0]);
}

using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Data;

/// <summary>What a user would read.</summary>
static class Refusal
{
    /// <summary>The refused problem as one text: code and message, then the details, line by line.</summary>
    public static string TextOf(Action action)
    {
        var problem = Assert.Throws<DistTrainException>(action).Problem;
        return string.Join('\n', [$"{problem.Code}: {problem.Message}", .. problem.Details]);
    }
}

using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Problems;

public class KnownCausesTests
{
    [Fact]
    public void Exhausted_memory_is_a_lack_of_resources()
    {
        var problem = KnownCauses.ProblemOf(new InsufficientMemoryException());
        Assert.Equal(("DT9001", ExitCode.Resources, "memory is exhausted"), (problem?.Code, problem?.ExitCode, problem?.Message));
    }

    [Fact]
    public void A_problem_that_is_told_stays_what_it_is()
    {
        var problem = new Problem("DT4001", ExitCode.Input, "no rows");
        Assert.Same(problem, KnownCauses.ProblemOf(problem.AsException()));
    }

    [Fact]
    public void Anything_else_is_unknown() => Assert.Null(KnownCauses.ProblemOf(new IOException("torn")));
}

using System.Collections.Immutable;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>Several things that the user can mend, told together; the first decides the exit code.</summary>
sealed class ProblemsFoundException(ImmutableArray<Problem> problems) : Exception(string.Join("; ", problems.Select(p => p.Message)))
{
    public ImmutableArray<Problem> Problems { get; } = problems;

    /// <summary>The problems that an exception tells of; none where it is of another kind.</summary>
    public static ImmutableArray<Problem> In(Exception e) => e switch
    {
        ProblemsFoundException found => found.Problems,
        DistTrainException one => [one.Problem, .. one.Others],
        _ => [],
    };

    /// <summary>Throws if there are any.</summary>
    public static void ThrowIfAny(IEnumerable<Problem> problems)
    {
        if (problems.ToImmutableArray() is { IsEmpty: false } found) throw new ProblemsFoundException(found);
    }
}

namespace DistTrain.Problems;

/// <summary>What exceptions mean for the user, the same wherever they are caught.</summary>
public static class KnownCauses
{
    /// <summary>The problem that an exception tells of, or that exhausted memory is; null for anything else.</summary>
    public static Problem? ProblemOf(Exception cause) => cause switch
    {
        DistTrainException known => known.Problem,
        OutOfMemoryException => new Problem(
            "DT9001", ExitCode.Resources, "memory is exhausted", "fix: fewer rows or features, or a machine with more memory"),
        _ => null,
    };
}

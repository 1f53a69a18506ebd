using System.Collections.Immutable;

namespace DistTrain.Problems;

/// <summary>Trouble that a user can mend, told in one block: what and where, then what was expected, then the fix.</summary>
/// <param name="problem">What the user sees.</param>
public sealed class DistTrainException(Problem problem, Exception? innerException = null)
    : Exception($"{problem.Code}: {problem.Message}", innerException)
{
    public Problem Problem { get; } = problem;

    /// <summary>More of the same kind, to be told with it.</summary>
    public ImmutableArray<Problem> Others { get; init; } = [];
}

/// <summary>One problem.</summary>
/// <param name="Code">Stable name, DTnnnn; the first digit follows the exit code.</param>
/// <param name="ExitCode">What the program ends with.</param>
/// <param name="Message">What was found and where, one line; the place is part of it, as file:line[:column].</param>
/// <param name="Details">What was expected, suggestions, the fix: one line each.</param>
public sealed record Problem(string Code, ExitCode ExitCode, string Message, params string[] Details)
{
    /// <summary>It is no failure: the user or the system wanted an end.</summary>
    public bool IsStop => ExitCode is ExitCode.Interrupted or ExitCode.Terminated;

    /// <summary>The input file, where there is one.</summary>
    public string? File { get; init; }

    /// <summary>The physical line in it, the first being 1.</summary>
    public long? Line { get; init; }

    public DistTrainException AsException(Exception? innerException = null) => new(this, innerException);
}

/// <summary>What a process ends with (docs/errors.md).</summary>
public enum ExitCode
{
    Done = 0,
    OurMistake = 1,
    CommandLine = 2,
    Configuration = 3,
    Input = 4,
    Cluster = 5,
    Diverged = 6,
    Unreadable = 7,
    Security = 8,
    Resources = 9,
    Interrupted = 130,
    Terminated = 143,
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>How a table becomes a dataset. All of it is part of the result's identity.</summary>
public sealed record DatasetOptions
{
    /// <summary>
    /// Share of rows held out for validation, at least 0 and below 1; default 0.1. Not used where validation has a table of its own.
    /// </summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>
    /// The classes and their order, at least 2; null: all of the input, in numeric order if all are numbers, else ordinal.
    /// </summary>
    public ImmutableArray<string>? Classes { get; init; }

    /// <summary>Training shards, at least 1 and at most the training rows, so that none is empty; null: from row count and kind.</summary>
    public int? Shards { get; init; }

    /// <summary>Seed of split and order; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>An empty numeric cell takes the training mean, and an indicator feature says so; else it is an error.</summary>
    public bool MissingAsMean { get; init; }

    /// <summary>How training rows hold dense columns; float32 by default.</summary>
    public DenseFormat DenseFormat { get; init; }

    /// <summary>Most classes that are taken from the input, at least 2; default 1,000. Declared classes may be more.</summary>
    public int MaxClasses { get; init; } = 1000;

    /// <summary>All faults at once; empty where building may start.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (!(ValidationFraction is >= 0 and < 1))
            yield return Fault("--validation", ValidationFraction, "a fraction of at least 0 and below 1");
        if (Shards < 1) yield return Fault("--shards", Shards, "a whole number of at least 1");
        if (MaxClasses < 2) yield return Fault("--max-classes", MaxClasses, "a whole number of at least 2");
        if (Classes is { } classes && (classes.Length < 2 || classes.Distinct().Count() < classes.Length))
            yield return Fault("--classes", string.Join(',', classes), "at least 2 different names");
    }

    static Problem Fault(string option, object? found, string expected) =>
        new("DT3501", ExitCode.Configuration, FormattableString.Invariant($"{option} is {found}"), $"expected: {expected}");
}

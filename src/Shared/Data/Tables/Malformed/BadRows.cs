using System.Collections.Immutable;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Malformed;

/// <summary>The malformed rows that a table was read without.</summary>
/// <param name="First">What is wrong with the first of them, in the order of the input; at most <see cref="ShownMax"/>.</param>
/// <param name="Positions">Their numbers among all rows of the input, from 0, ascending.</param>
public sealed record BadRows(ImmutableArray<Problem> First, int[] Positions)
{
    /// <summary>How many are told.</summary>
    public const int ShownMax = 5;

    public static readonly BadRows None = new([], []);

    public int Count => Positions.Length;
}

/// <summary>A row that was left out.</summary>
/// <param name="Problem">What is wrong with it, and where.</param>
/// <param name="Text">As written, without its line end.</param>
public sealed record BadRow(Problem Problem, string Text);

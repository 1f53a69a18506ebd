using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>The labels that rows may have.</summary>
/// <param name="Names">The classes.</param>
/// <param name="AreOfModel">A model knows them; else the user has declared them.</param>
public sealed record LabelRule(ImmutableArray<string> Names, bool AreOfModel)
{
    const int NamesShown = 10;

    readonly HashSet<string> _names = new(Names, StringComparer.Ordinal);

    public bool Allows(string label) => _names.Contains(label);

    /// <summary>DT4505 or DT4506: a row with another label.</summary>
    /// <param name="place">The place, as file:line[:column].</param>
    public Problem ProblemOf(string label, string place, string file, long line)
    {
        var problem = AreOfModel
            ? new Problem("DT4506", ExitCode.Input,
                $"{place}: label is \"{label}\", but the model has {Text(Names.Length)} classes ({Listed})",
                [.. DidYouMean(label), "fix: leave such rows out, or train on rows of that class too"])
            : new Problem("DT4505", ExitCode.Input, $"{place}: label is \"{label}\", which --classes does not name",
                [$"expected: {Listed}", .. DidYouMean(label), "fix: name it in --classes, or leave such rows out"]);
        return problem with { File = file, Line = line };
    }

    string Listed =>
        string.Join(", ", Names.Take(NamesShown)) + (Names.Length > NamesShown ? $", … ({Text(Names.Length)})" : "");

    /// <summary>Very short names are all near to each other; nothing is suggested for them.</summary>
    string[] DidYouMean(string label) => label.Length > 2 ? Suggestion.DidYouMean(label, Names) : [];

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

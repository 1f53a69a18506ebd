using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>Factors of the penalty by feature, in the user's words: a CSV file with the columns feature and factor.</summary>
/// <remarks>
/// A name is that of a column, for all of its features, or of one feature ("colour=red", "price (missing)"; of LIBSVM input the index),
/// which then counts more than its column. What is not named has factor 1.
/// </remarks>
public sealed class PenaltyFile
{
    readonly string _file;
    readonly ImmutableArray<NamedNumber> _numbers;
    readonly ImmutableArray<Problem> _problems;
    readonly Dictionary<string, double> _factors;

    PenaltyFile(string file, ImmutableArray<NamedNumber> numbers, ImmutableArray<Problem> problems)
    {
        (_file, _numbers, _problems) = (file, numbers, problems);
        _factors = numbers.ToDictionary(number => number.Name, number => number.Number, StringComparer.Ordinal);
    }

    /// <exception cref="DistTrainException">The file cannot be read as CSV, or its header is another.</exception>
    public static PenaltyFile Read(IInputFile file)
    {
        var (numbers, problems) = NamedNumbers.Read(file, "feature", "factor");
        return new(file.Name, numbers, problems);
    }

    /// <summary>Everything that is wrong with the file where a dataset has these features.</summary>
    public IEnumerable<Problem> Problems(FeatureSchema schema)
    {
        var known = NamesOf(schema);
        return [.. _problems, .. _numbers.Where(number => !known.Contains(number.Name)).Select(number => Unknown(number, schema, known))];
    }

    /// <summary>The factor of each feature, in the schema's order. Names that the schema does not have count for nothing.</summary>
    public ImmutableArray<double> FactorsOf(FeatureSchema schema) =>
    [
        .. from column in schema.Columns
           let ofColumn = _factors.GetValueOrDefault(column.Name, 1)
           from i in Enumerable.Range(0, column.FeatureCount)
           select _factors.GetValueOrDefault(column.FeatureName(i), ofColumn),
    ];

    static HashSet<string> NamesOf(FeatureSchema schema) => schema.Columns
        .SelectMany(column => Enumerable.Range(0, column.FeatureCount).Select(column.FeatureName).Prepend(column.Name))
        .ToHashSet(StringComparer.Ordinal);

    Problem Unknown(NamedNumber number, FeatureSchema schema, IReadOnlySet<string> known)
    {
        var suggestion = Suggestion.DidYouMean(number.Name, Near(number.Name, schema, known));
        return new("DT4604", ExitCode.Input, $"{_file}:{number.Line}: \"{number.Name}\" is neither a column nor a feature",
            ["expected: the name of a column, or column=value as in the training rows", .. suggestion])
        {
            File = _file,
            Line = number.Line,
        };
    }

    /// <summary>
    /// Names to suggest: of the column that is named before "=", its features; else the columns. All of a wide schema would take long.
    /// </summary>
    static IEnumerable<string> Near(string name, FeatureSchema schema, IReadOnlySet<string> known)
    {
        const int NamesMax = 10_000;
        if (known.Count <= NamesMax) return known;
        var column = schema.Columns.FirstOrDefault(column => name.StartsWith(column.Name + "=", StringComparison.Ordinal));
        return column is { FeatureCount: <= NamesMax }
            ? Enumerable.Range(0, column.FeatureCount).Select(column.FeatureName)
            : schema.Columns.Select(column => column.Name);
    }
}

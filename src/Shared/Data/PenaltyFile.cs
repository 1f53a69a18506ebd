using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>Factors of the penalty by feature, in the user's words: a CSV file with the columns feature and factor.</summary>
/// <remarks>
/// A name is that of a column, for all of its features, or of one feature ("colour=red", "price (missing)"; of LIBSVM input the index), which
/// then counts more than its column. What is not named has factor 1.
/// </remarks>
public static class PenaltyFile
{
    /// <summary>The factor of each feature in the schema's order, and everything that is wrong with the file.</summary>
    /// <exception cref="DistTrainException">The file cannot be read as CSV, or its header is another.</exception>
    public static (ImmutableArray<double> Factors, ImmutableArray<Problem> Problems) Read(IInputFile file, FeatureSchema schema)
    {
        var (numbers, problems) = NamedNumbers.Read(file, "feature", "factor");
        var named = numbers.ToDictionary(number => number.Name, StringComparer.Ordinal);
        var factors = ImmutableArray.CreateBuilder<double>(schema.FeatureCount);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in schema.Columns)
        {
            known.Add(column.Name);
            var ofColumn = named.GetValueOrDefault(column.Name)?.Number ?? 1;
            for (var i = 0; i < column.FeatureCount; i++)
            {
                var feature = column.FeatureName(i);
                known.Add(feature);
                factors.Add(feature == column.Name ? ofColumn : named.GetValueOrDefault(feature)?.Number ?? ofColumn);
            }
        }
        var unknown = numbers.Where(number => !known.Contains(number.Name)).Select(number => Unknown(file.Name, number, schema, known));
        return (factors.MoveToImmutable(), [.. problems, .. unknown]);
    }

    static Problem Unknown(string file, NamedNumber number, FeatureSchema schema, IReadOnlySet<string> known)
    {
        string[] suggestion = Suggestion.For(number.Name, Near(number.Name, schema, known)) is { } near ? [$"did you mean \"{near}\"?"] : [];
        return new("DT4604", ExitCode.Input, $"{file}:{number.Line}: \"{number.Name}\" is neither a column nor a feature",
            ["expected: the name of a column, or column=value as in the training rows", .. suggestion])
        {
            File = file,
            Line = number.Line,
        };
    }

    /// <summary>Names to suggest: of the column that is named before "=", its features; else the columns. All of a wide schema would take long.</summary>
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

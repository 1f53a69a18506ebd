using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;

namespace DistTrain.Data.Preparation;

/// <summary>Says which classes have hardly any rows to learn from, or none.</summary>
static class RareClasses
{
    /// <summary>Fewer training rows than this are told.</summary>
    const int FewRows = 10;

    /// <summary>Most classes that are named.</summary>
    const int NamesShown = 5;

    /// <param name="heldOut">For each row of <paramref name="table"/>, whether it validates.</param>
    public static ImmutableArray<string> Findings(Table table, bool[] heldOut, ClassList classes)
    {
        var trainingRows = TrainingRows(table, heldOut);
        string[] lines =
        [
            .. from name in classes.Names
               let count = trainingRows.GetValueOrDefault(name)
               where count < FewRows
               select Finding.Of("few rows", $"class \"{name}\": {Consequence(count)}"),
        ];
        var more = lines.Length > NamesShown ? new[] { Finding.Of("few rows", $"and {Text(lines.Length - NamesShown)} more classes") } : [];
        return [.. lines.Take(NamesShown), .. more];
    }

    /// <summary>For each label of a training row, its rows with weight.</summary>
    static Dictionary<string, int> TrainingRows(Table table, bool[] heldOut)
    {
        var (label, counts) = (table.Label!, new int[table.Label!.Dictionary.Length]);
        for (var row = 0; row < table.RowCount; row++)
        {
            if (!heldOut[row] && (table.Weights?[row] ?? 1) > 0) counts[label.Codes[row]]++;
        }
        return label.Dictionary.Zip(counts).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static string Consequence(int count) => count switch
    {
        0 => "no training row; it takes no part in training and is predicted with probability 0",
        1 => "1 training row, too few to learn from",
        _ => $"{Text(count)} training rows, too few to learn from",
    };

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

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

    /// <param name="tables">The one to train on, then the one of a validation file, if there is one.</param>
    /// <param name="heldOut">For each row of the first, whether it validates.</param>
    public static ImmutableArray<string> Findings(ImmutableArray<Table> tables, bool[] heldOut, ClassList classes)
    {
        var rows = RowsOf(tables, heldOut);
        string[] lines =
        [
            .. from name in classes.Names
               let found = rows.GetValueOrDefault(name)
               where found.Training < FewRows
               select Finding.Of("few rows", $"class \"{name}\": {Consequence(found.Training, found.HeldOut)}"),
        ];
        var more = lines.Length > NamesShown ? new[] { Finding.Of("few rows", $"and {Text(lines.Length - NamesShown)} more classes") } : [];
        return [.. lines.Take(NamesShown), .. more];
    }

    /// <summary>For each label, its rows with weight.</summary>
    static Dictionary<string, (int Training, int HeldOut)> RowsOf(ImmutableArray<Table> tables, bool[] heldOut)
    {
        var rows = RowsOf(tables[0], row => heldOut[row]);
        foreach (var (name, found) in tables.Skip(1).SelectMany(table => RowsOf(table, _ => true)))
        {
            var (training, held) = rows.GetValueOrDefault(name);
            rows[name] = (training, held + found.HeldOut);
        }
        return rows;
    }

    static Dictionary<string, (int Training, int HeldOut)> RowsOf(Table table, Func<int, bool> isHeldOut)
    {
        var (label, counts) = (table.Label!, new (int Training, int HeldOut)[table.Label!.Dictionary.Length]);
        for (var row = 0; row < table.RowCount; row++)
        {
            if (table.Weights?[row] == 0) continue;
            ref var count = ref counts[label.Codes[row]];
            count = isHeldOut(row) ? (count.Training, count.HeldOut + 1) : (count.Training + 1, count.HeldOut);
        }
        return label.Dictionary.Zip(counts).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static string Consequence(int training, int heldOut) =>
        $"{Text(training)} to train on, {Text(heldOut)} held out; " +
        (training == 0 ? "it takes no part in training and is predicted with probability 0" : "too few to learn from");

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

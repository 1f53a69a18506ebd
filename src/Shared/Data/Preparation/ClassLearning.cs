using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Data.Preparation;

/// <summary>The classes of the input, their order, and which of them have training weight.</summary>
static class ClassLearning
{
    /// <param name="heldOut">For each row of <paramref name="table"/>, whether it validates.</param>
    public static ClassList Learn(Table table, Table? validation, bool[] heldOut, DatasetOptions options)
    {
        var names = options.Classes ?? FromInput(table, validation, options.MaxClasses);
        var labels = CodesOf(table, names, DatasetProblems.UndeclaredClass);
        var weights = TrainingWeights(table, heldOut, labels, names.Length);
        if (validation is not null) CodesOf(validation, names, DatasetProblems.UndeclaredClass);

        ImmutableArray<int> active = [.. Enumerable.Range(0, names.Length).Where(k => weights[k] > 0)];
        return active.Length >= 2
            ? new ClassList(names, active)
            : throw DatasetProblems.TooFewClasses(table, LabelOf(table).Name, [.. active.Select(k => names[k])],
                Enumerable.Range(0, labels.Length).Any(row => heldOut[row] && !active.Contains(labels[row]))).AsException();
    }

    /// <summary>For each row, its class i among those that take part in the softmax; −1 − i for class i among the others.</summary>
    public static int[] ShardLabelsOf(Table table, ClassList classes)
    {
        var shardLabels = new int[classes.Count];
        foreach (var (i, k) in classes.Active.Index()) shardLabels[k] = i;
        foreach (var (i, k) in classes.Inactive.Index()) shardLabels[k] = -1 - i;
        return Array.ConvertAll(CodesOf(table, classes.Names, DatasetProblems.UnknownClass), k => shardLabels[k]);
    }

    static ImmutableArray<string> FromInput(Table table, Table? validation, int maxClasses)
    {
        var names = LabelOf(table).Dictionary.Union(validation is null ? [] : LabelOf(validation).Dictionary).ToList();
        return names.Count <= maxClasses
            ? NameOrder.Sort(names)
            : throw DatasetProblems
                .TooManyClasses(table, Array.IndexOf(LabelOf(table).Codes, maxClasses), LabelOf(table).Name, names.Count, maxClasses)
                .AsException();
    }

    /// <summary>For each row, the number of its label in <paramref name="names"/>; the first row with another label is refused.</summary>
    static int[] CodesOf(
        Table table, ImmutableArray<string> names, Func<Table, int, string, IReadOnlyCollection<string>, Problem> refusal)
    {
        var (label, codeOf) = (LabelOf(table), names.Select((name, k) => (name, k)).ToDictionary(pair => pair.name, pair => pair.k));
        var codes = label.Dictionary.Select(name => codeOf.TryGetValue(name, out var k) ? k : -1).ToArray();
        var unknown = Array.FindIndex(label.Codes, code => codes[code] < 0);
        return unknown < 0
            ? Array.ConvertAll(label.Codes, code => codes[code])
            : throw refusal(table, unknown, label.Dictionary[label.Codes[unknown]], names).AsException();
    }

    static double[] TrainingWeights(Table table, bool[] heldOut, int[] labels, int classCount)
    {
        var weights = new double[classCount];
        for (var row = 0; row < labels.Length; row++)
        {
            if (!heldOut[row]) weights[labels[row]] += table.Weights?[row] ?? 1;
        }
        return weights;
    }

    static TextColumn LabelOf(Table table) => table.Label ?? throw DatasetProblems.NoLabels(table).AsException();
}

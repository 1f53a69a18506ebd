using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Data.Storage;

/// <summary>Sparse columns as their description says, feature by feature.</summary>
static class SlowColumns
{
    /// <param name="values">Empty where all are 1.</param>
    public static SparseColumns Of(int[] rowStarts, int[] features, float[] values)
    {
        var nonzeros =
            from row in Enumerable.Range(0, rowStarts.Length - 1)
            from i in Enumerable.Range(rowStarts[row], rowStarts[row + 1] - rowStarts[row])
            select (Feature: features[i], Row: (ushort)row, Value: values.Length == 0 ? 1 : values[i]);
        var runs =
            from nonzero in nonzeros
            group (nonzero.Row, nonzero.Value) by nonzero.Feature into run
            select (Feature: run.Key, Nonzeros: run.ToArray(), HasValues: run.Any(nonzero => nonzero.Value != 1));
        var groups =
            from run in runs
            let isLong = run.Nonzeros.Length > SparseColumns.GroupedRunLengthMax
            group run by (
                Panel: run.Feature / SparseColumns.PanelFeatures,
                Length: isLong ? int.MaxValue : run.Nonzeros.Length,
                HasValues: !isLong && run.HasValues,
                Alone: isLong ? run.Feature : 0) into kind
            orderby kind.Key
            select kind.OrderBy(run => run.Feature).ToArray();

        var (all, heads, rows, kept) = (new List<SparseGroup>(), new List<ushort>(), new List<ushort>(), new List<float>());
        foreach (var group in groups)
        {
            var first = group[0];
            all.Add(new SparseGroup(
                first.Feature / SparseColumns.PanelFeatures, first.Nonzeros.Length, group.Length, heads.Count, rows.Count,
                first.HasValues ? kept.Count : -1));
            heads.AddRange(group.Select(run => (ushort)(run.Feature % SparseColumns.PanelFeatures)));
            rows.AddRange(group.SelectMany(run => run.Nonzeros.Select(nonzero => nonzero.Row)));
            if (first.HasValues) kept.AddRange(group.SelectMany(run => run.Nonzeros.Select(nonzero => nonzero.Value)));
        }
        return new SparseColumns { Groups = [.. all], Features = [.. heads], Rows = [.. rows], Values = [.. kept] };
    }
}

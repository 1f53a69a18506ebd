namespace DistTrain.Data.Storage;

/// <summary>Turns a shard's sparse columns back into the rows that they were made of.</summary>
static class SparseRowsBuilder
{
    /// <param name="rowCount">Rows of the shard.</param>
    public static SparseRows Build(SparseColumns columns, int rowCount)
    {
        var starts = StartsOf(columns, rowCount);
        var rows = new SparseRows(
            starts, new int[columns.NonzeroCount], columns.Values.Length > 0 ? new float[columns.NonzeroCount] : null);
        var next = starts.AsSpan(0, rowCount).ToArray();
        for (var first = 0; first < columns.Groups.Length;)
        {
            var groups = columns.GroupsOf(columns.Groups[first].Panel);
            PutPanel(columns, groups, rows, next);
            first += groups.Length;
        }
        return rows;
    }

    static int[] StartsOf(SparseColumns columns, int rowCount)
    {
        var starts = new int[rowCount + 1];
        foreach (var row in columns.Rows) starts[row + 1]++;
        for (var row = 0; row < rowCount; row++) starts[row + 1] += starts[row];
        return starts;
    }

    /// <summary>Puts the features of one panel behind those of the panels before, the lowest first.</summary>
    static void PutPanel(SparseColumns columns, ReadOnlySpan<SparseGroup> groups, SparseRows into, int[] next)
    {
        var places = new (SparseGroup Group, int Index)[SparseColumns.PanelFeatures];
        var present = new OffsetSet();
        foreach (var group in groups)
        {
            for (var i = 0; i < group.FeatureCount; i++)
            {
                var offset = columns.Features[group.FirstFeature + i];
                places[offset] = (group, i);
                present.Add(offset);
            }
        }
        foreach (var offset in present)
        {
            var (group, i) = places[offset];
            var feature = group.Panel * SparseColumns.PanelFeatures + offset;
            var first = group.FirstRow + i * group.RunLength;
            for (var r = 0; r < group.RunLength; r++)
            {
                var at = next[columns.Rows[first + r]]++;
                into.Features[at] = feature;
                if (into.Values is { } values) values[at] = group.HasValues ? columns.Values[group.FirstValue + i * group.RunLength + r] : 1;
            }
        }
    }
}

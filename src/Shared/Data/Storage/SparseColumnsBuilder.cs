namespace DistTrain.Data.Storage;

/// <summary>Turns the sparse features of a shard's rows into columns.</summary>
public static class SparseColumnsBuilder
{
    /// <summary>Columns with the same nonzeros as the rows. A feature whose nonzeros here are all 1 is kept without values.</summary>
    /// <remarks>
    /// Two levels: nonzeros are first parted by panel, in row order, then counted and placed inside each panel, where everything
    /// touched fits the cache. About three times faster than one counting sort over a million features. A nonzero travels as four bytes,
    /// its value beside it only where there are values.
    /// </remarks>
    /// <param name="rowCount">0 … <see cref="Shard.SparseRowsMax"/>.</param>
    /// <param name="rowStarts">rowCount + 1 positions: row r holds nonzeros rowStarts[r] to rowStarts[r + 1] − 1.</param>
    /// <param name="features">Sparse numbers 0 … featureCount − 1, ascending within a row.</param>
    /// <param name="values">As many as features, none of them 0; or empty, where all are 1.</param>
    public static SparseColumns Build(
        int rowCount, ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> features, ReadOnlySpan<float> values, int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowCount, Shard.SparseRowsMax);
        if (features.IsEmpty) return SparseColumns.Empty;

        var panelEnds = new int[(featureCount + SparseColumns.PanelFeatures - 1) / SparseColumns.PanelFeatures];
        var scratch = PanelScratch.Borrow();
        var entries = scratch.EntriesOf(features.Length);
        var entryValues = scratch.ValuesOf(values.Length);
        CountByPanel(features, panelEnds);
        if (values.IsEmpty) PartByPanel(rowStarts[..(rowCount + 1)], features, panelEnds, entries);
        else PartByPanel(rowStarts[..(rowCount + 1)], features, values, panelEnds, entries, entryValues);

        var columns = new PanelWriter(features.Length, featureCount, hasValues: !values.IsEmpty, scratch);
        for (var panel = 0; panel < panelEnds.Length; panel++)
        {
            var ofPanel = (panel == 0 ? 0 : panelEnds[panel - 1])..panelEnds[panel];
            columns.Add(panel, entries[ofPanel], values.IsEmpty ? [] : entryValues[ofPanel]);
        }
        PanelScratch.Return(scratch);
        return columns.ToColumns();
    }

    /// <summary>The position of each panel's first nonzero, if panels follow each other.</summary>
    static void CountByPanel(ReadOnlySpan<int> features, Span<int> panelStarts)
    {
        foreach (var feature in features) panelStarts[PanelOf(feature)]++;
        var total = 0;
        foreach (ref var start in panelStarts) (start, total) = (total, total + start);
    }

    /// <summary>
    /// The nonzeros, panel by panel, in row order inside. Each panel's start moves on as it fills, and ends as the panel's end.
    /// </summary>
    static void PartByPanel(ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> features, Span<int> panels, Span<uint> entries)
    {
        for (var row = 0; row < rowStarts.Length - 1; row++)
        {
            foreach (var feature in features[rowStarts[row]..rowStarts[row + 1]])
                entries[panels[PanelOf(feature)]++] = PanelEntry.Of(feature, row);
        }
    }

    /// <summary>The same with values beside the nonzeros.</summary>
    static void PartByPanel(
        ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> features, ReadOnlySpan<float> values,
        Span<int> panels, Span<uint> entries, Span<float> entryValues)
    {
        for (var row = 0; row < rowStarts.Length - 1; row++)
        {
            for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                var at = panels[PanelOf(features[i])]++;
                entries[at] = PanelEntry.Of(features[i], row);
                entryValues[at] = values[i];
            }
        }
    }

    static int PanelOf(int feature) => (int)((uint)feature / SparseColumns.PanelFeatures);
}

/// <summary>One nonzero of a panel in four bytes: its feature's offset there in the upper half, its row in the lower.</summary>
static class PanelEntry
{
    public static uint Of(int feature, int row) => (uint)feature % SparseColumns.PanelFeatures << 16 | (uint)row;

    public static int OffsetOf(uint entry) => (int)(entry >> 16);

    public static ushort RowOf(uint entry) => (ushort)entry;
}

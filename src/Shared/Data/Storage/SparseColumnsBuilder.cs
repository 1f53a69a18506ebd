namespace DistTrain.Data.Storage;

/// <summary>Turns the sparse features of a shard's rows into columns.</summary>
public static class SparseColumnsBuilder
{
    /// <summary>Columns with the same nonzeros as the rows. A feature whose nonzeros here are all 1 is kept without values.</summary>
    /// <remarks>
    /// Two levels: nonzeros are first parted by panel, in row order, then counted and placed inside each panel, where everything
    /// touched fits the cache. About three times faster than one counting sort over a million features.
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
        var entries = PartByPanel(rowStarts[..(rowCount + 1)], features, values, panelEnds);
        var scratch = PanelScratch.Borrow();
        var columns = new PanelWriter(features.Length, featureCount, hasValues: !values.IsEmpty, scratch);
        for (var panel = 0; panel < panelEnds.Length; panel++)
        {
            var start = panel == 0 ? 0 : panelEnds[panel - 1];
            if (start < panelEnds[panel]) columns.Add(panel, entries.AsSpan(start..panelEnds[panel]));
        }
        PanelScratch.Return(scratch);
        return columns.ToColumns();
    }

    /// <summary>
    /// The nonzeros, panel by panel, in row order inside; <paramref name="panelEnds"/> gets the position after each panel.
    /// </summary>
    static SparseEntry[] PartByPanel(
        ReadOnlySpan<int> rowStarts, ReadOnlySpan<int> features, ReadOnlySpan<float> values, Span<int> panelEnds)
    {
        foreach (var feature in features) panelEnds[feature / SparseColumns.PanelFeatures]++;
        var total = 0;
        for (var panel = 0; panel < panelEnds.Length; panel++)
        {
            var count = panelEnds[panel];
            panelEnds[panel] = total;
            total += count;
        }

        // Each panel's start moves on as it fills, and ends as the panel's end.
        var entries = new SparseEntry[features.Length];
        for (var row = 0; row < rowStarts.Length - 1; row++)
        {
            for (var i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                var (panel, offset) = Math.DivRem(features[i], SparseColumns.PanelFeatures);
                entries[panelEnds[panel]++] = new SparseEntry((ushort)offset, (ushort)row, values.IsEmpty ? 1f : values[i]);
            }
        }
        return entries;
    }
}

/// <summary>One nonzero of a panel: eight bytes.</summary>
/// <param name="Offset">Its feature's offset in the panel.</param>
readonly record struct SparseEntry(ushort Offset, ushort Row, float Value);

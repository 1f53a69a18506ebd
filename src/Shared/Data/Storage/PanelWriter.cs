using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>Writes panels one after the other into the arrays of a <see cref="SparseColumns"/>.</summary>
/// <param name="nonzeroCount">Nonzeros of all panels together.</param>
/// <param name="hasValues">False where every value is 1.</param>
/// <param name="scratch">Clear; clear again after each panel.</param>
sealed class PanelWriter(int nonzeroCount, int featureCount, bool hasValues, PanelScratch scratch)
{
    // Groups of a panel: for each run length up to the longest grouped one, first the features of ones, then those with values.
    const int GroupKinds = 2 * SparseColumns.GroupedRunLengthMax;
    const int LongRun = -1;

    /// <summary>With fewer nonzeros, a panel's offsets are noted one by one.</summary>
    const int FewEntries = SparseColumns.PanelFeatures / 8;

    readonly ImmutableArray<SparseGroup>.Builder _groups = ImmutableArray.CreateBuilder<SparseGroup>();
    readonly ushort[] _features = new ushort[Math.Min(nonzeroCount, featureCount)];
    readonly ushort[] _rows = GC.AllocateUninitializedArray<ushort>(nonzeroCount);
    readonly float[] _values = GC.AllocateUninitializedArray<float>(hasValues ? nonzeroCount : 0);
    int _featureTotal;
    int _rowTotal;
    int _valueTotal;

    readonly int[] _counts = scratch.Counts;
    readonly bool[] _valued = scratch.Valued;
    readonly int[] _nextRow = scratch.NextRow;
    readonly int[] _nextValue = scratch.NextValue;

    /// <param name="entries">The panel's nonzeros in row order, as <see cref="PanelEntry"/> packs them.</param>
    /// <param name="values">Their values; empty where every value of the shard is 1.</param>
    public void Add(int panel, ReadOnlySpan<uint> entries, ReadOnlySpan<float> values)
    {
        if (entries.IsEmpty) return;
        Count(entries);
        for (var i = 0; i < values.Length; i++) _valued[PanelEntry.OffsetOf(entries[i])] |= values[i] != 1f;
        OpenGroups(panel);
        if (values.IsEmpty) Place(entries);
        else Place(entries, values);
        scratch.Present.Clear();
    }

    public SparseColumns ToColumns() => new()
    {
        Groups = _groups.ToImmutable(),
        Features = _featureTotal == _features.Length ? _features : _features[.._featureTotal],
        Rows = _rows,
        Values = _valueTotal == _values.Length ? _values : _values[.._valueTotal],
    };

    /// <summary>Counts the nonzeros of each offset; where they are many, the offsets that occur are found afterwards.</summary>
    void Count(ReadOnlySpan<uint> entries)
    {
        if (entries.Length < FewEntries)
        {
            foreach (var entry in entries) scratch.Present.Add(PanelEntry.OffsetOf(entry));
        }
        var counts = _counts;
        foreach (var entry in entries) counts[PanelEntry.OffsetOf(entry)]++;
        if (entries.Length >= FewEntries) scratch.Present.AddNonzeros(counts);
    }

    /// <summary>Lays out the panel's groups and tells every feature where its nonzeros go.</summary>
    void OpenGroups(int panel)
    {
        Span<int> sizes = stackalloc int[GroupKinds];
        foreach (var offset in scratch.Present)
        {
            if (KindOf(offset) is var kind && kind != LongRun) sizes[kind]++;
        }

        Span<SparseGroup> open = stackalloc SparseGroup[GroupKinds];
        for (var kind = 0; kind < GroupKinds; kind++)
        {
            if (sizes[kind] > 0) open[kind] = Append(panel, kind / 2 + 1, sizes[kind], valued: kind % 2 == 1);
        }

        sizes.Clear();
        foreach (var offset in scratch.Present)
        {
            var kind = KindOf(offset);
            var group = kind == LongRun ? Append(panel, _counts[offset], 1, _valued[offset]) : open[kind];
            PutFeature(offset, group, kind == LongRun ? 0 : sizes[kind]++);
        }
    }

    SparseGroup Append(int panel, int runLength, int features, bool valued)
    {
        var group = new SparseGroup(panel, runLength, features, _featureTotal, _rowTotal, valued ? _valueTotal : -1);
        _groups.Add(group);
        _featureTotal += features;
        _rowTotal += features * runLength;
        if (valued) _valueTotal += features * runLength;
        return group;
    }

    void PutFeature(int offset, SparseGroup group, int index)
    {
        _features[group.FirstFeature + index] = (ushort)offset;
        _nextRow[offset] = group.FirstRow + index * group.RunLength;
        _nextValue[offset] = group.HasValues ? group.FirstValue + index * group.RunLength : -1;
        _counts[offset] = 0;
        _valued[offset] = false;
    }

    void Place(ReadOnlySpan<uint> entries)
    {
        var (rows, next) = (_rows, _nextRow);
        foreach (var entry in entries) rows[next[PanelEntry.OffsetOf(entry)]++] = PanelEntry.RowOf(entry);
    }

    void Place(ReadOnlySpan<uint> entries, ReadOnlySpan<float> values)
    {
        var (nextRow, nextValue) = (_nextRow, _nextValue);
        for (var i = 0; i < entries.Length; i++)
        {
            var offset = PanelEntry.OffsetOf(entries[i]);
            _rows[nextRow[offset]++] = PanelEntry.RowOf(entries[i]);
            if (nextValue[offset] >= 0) _values[nextValue[offset]++] = values[i];
        }
    }

    int KindOf(int offset) =>
        _counts[offset] > SparseColumns.GroupedRunLengthMax ? LongRun : 2 * (_counts[offset] - 1) + (_valued[offset] ? 1 : 0);
}

using System.Text.Unicode;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Direct;

/// <summary>What counting the rows of one chunk of LIBSVM gives, beside the counts of its indices.</summary>
/// <param name="labels">The labels that there may be; null: any.</param>
/// <param name="leastIndex">A smaller index is odd.</param>
sealed class CountedChunk(LabelRule? labels, int leastIndex)
{
    const int LabelBytesMax = 1024;

    readonly CodedText _labels = new();
    readonly GrowingArray<RowContent> _rows = new();
    readonly GrowingArray<int> _lines = new();

    public int RowCount => (int)_rows.Count;

    /// <summary>Lines of the chunk, blank ones too.</summary>
    public int LineCount { get; private set; }

    public bool HasZeroIndex { get; private set; }

    public RowContent[] Rows => _rows.ToArray();

    /// <summary>For each row, its line in the chunk, from 1.</summary>
    public int[] Lines => _lines.ToArray();

    public TextColumn Labels => _labels.ToColumn("label");

    /// <summary>Counts all rows; false where something is odd.</summary>
    public bool TryCount(LibsvmCursor text, IndexCounts counts)
    {
        Span<char> label = stackalloc char[LabelBytesMax];
        while (text.NextRow())
        {
            _lines.Add(text.Line);
            if (!text.TryReadLabel(out var bytes) || !TryAddLabel(bytes, label) || !TryCountPairs(ref text, counts)) return false;
        }
        LineCount = text.Line;
        return counts.AreNear;
    }

    bool TryCountPairs(ref LibsvmCursor text, IndexCounts counts)
    {
        var (count, hasOthers, first) = (0, false, true);
        NextPair next;
        while ((next = text.ReadPair(out var index, out var value)) is NextPair.Read)
        {
            if (first)
            {
                if (index < leastIndex) return false;
                HasZeroIndex |= index == 0;
                first = false;
            }
            if (value == 0) continue;
            counts.Add(index, value == 1);
            if ((float)value == 0) continue;
            count++;
            hasOthers |= (float)value != 1;
        }
        _rows.Add(RowContent.Of(count, hasOthers));
        return next is NextPair.None;
    }

    bool TryAddLabel(ReadOnlySpan<byte> bytes, Span<char> buffer)
    {
        if (bytes.Length > buffer.Length || Utf8.ToUtf16(bytes, buffer, out _, out var length, replaceInvalidSequences: false) != default)
            return false;
        var label = buffer[..length];
        if (_labels.TryAdd(label)) return true;
        if (labels is not null && !labels.Allows(label.ToString())) return false;
        _labels.Add(label);
        return true;
    }
}

using System.IO.Hashing;
using System.Text.Unicode;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Direct;

/// <summary>What reading the rows of one chunk of LIBSVM gives, beside the counts of its indices.</summary>
/// <param name="Rows">The cells.</param>
/// <param name="Lines">For each row, its line in the chunk, from 1.</param>
/// <param name="LineCount">Lines of the chunk, blank ones too.</param>
/// <param name="Hash">Of the text.</param>
sealed record CompactChunk(CompactBytes Rows, TextColumn Labels, int[] Lines, int LineCount, bool HasZeroIndex, ulong Hash);

/// <summary>Reads the rows of one chunk after the other.</summary>
/// <param name="labels">The labels that there may be; null: any.</param>
/// <param name="leastIndex">A smaller index is odd.</param>
/// <param name="isExact">Whether values are kept as doubles.</param>
/// <param name="labelRequired">A row without a label is odd. Else labels are passed over.</param>
sealed class CompactChunkReader(LabelRule? labels, int leastIndex, bool isExact, bool labelRequired)
{
    const int LabelBytesMax = 1024;

    readonly CompactRowWriter _rows = new(isExact);
    readonly GrowingArray<int> _lines = new();
    bool _hasZeroIndex;

    /// <summary>Of all chunks read.</summary>
    public IndexCounts Counts { get; } = new();

    /// <summary>Room for the text of a chunk.</summary>
    public LineBuffer Text { get; } = new();

    /// <summary>Reads all rows of <see cref="Text"/>; null where something is odd, after which it is of no more use.</summary>
    /// <param name="keepsRows">Else only how long they are in few bytes.</param>
    public CompactChunk? Read(bool keepsRows)
    {
        var text = new LibsvmCursor(Text.Padded);
        Span<char> label = stackalloc char[LabelBytesMax];
        var found = new CodedText();
        while (text.NextRow())
        {
            _lines.Add(text.Line);
            if (!labelRequired) text.SkipLabel();
            else if (!text.TryReadLabel(out var bytes) || !TryAddLabel(found, bytes, label)) return null;
            if (!TryReadPairs(ref text)) return null;
        }
        if (!Counts.AreNear) return null;
        var chunk = new CompactChunk(_rows.Finish(keepsRows), found.ToColumn("label"), _lines.ToArray(), text.Line, _hasZeroIndex, XxHash3.HashToUInt64(Text.Lines));
        _lines.Truncate(0);
        _hasZeroIndex = false;
        return chunk;
    }

    /// <summary>Reads a row that was found to be in order, from its label on.</summary>
    /// <returns>Its bytes, until the next one.</returns>
    public static ReadOnlySpan<byte> ReadRow(ref LibsvmCursor text, CompactRowWriter into)
    {
        text.TryReadLabel(out _);
        into.BeginRow();
        while (text.ReadPair(out var index, out var value) is NextPair.Read)
            if (value != 0) into.Add(index, value);
        into.EndRow();
        return into.TakeRow();
    }

    bool TryReadPairs(ref LibsvmCursor text)
    {
        var first = true;
        _rows.BeginRow();
        NextPair next;
        while ((next = text.ReadPair(out var index, out var value)) is NextPair.Read)
        {
            if (first)
            {
                if (index < leastIndex) return false;
                _hasZeroIndex |= index == 0;
                first = false;
            }
            if (value == 0) continue;
            Counts.Add(index, value == 1);
            _rows.Add(index, value);
        }
        _rows.EndRow();
        return next is NextPair.None;
    }

    bool TryAddLabel(CodedText found, ReadOnlySpan<byte> bytes, Span<char> buffer)
    {
        if (bytes.Length > buffer.Length || Utf8.ToUtf16(bytes, buffer, out _, out var length, replaceInvalidSequences: false) != default)
            return false;
        var label = buffer[..length];
        if (found.TryAdd(label)) return true;
        if (labels is not null && !labels.Allows(label.ToString())) return false;
        found.AddNew(label, label.ToString());
        return true;
    }
}

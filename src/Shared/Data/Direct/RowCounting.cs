namespace DistTrain.Data.Direct;

/// <summary>Counts the lines of a chunk that are not blank. A line end in quotes counts too: whoever reads the row finds it cut.</summary>
static class RowCounting
{
    /// <returns>Null where a line is too long.</returns>
    public static CountedStretch? Of(FileStretch chunk, DirectFile file, LineBuffer text)
    {
        if (!text.TryReadLines(file.Bytes, file.DataStart, chunk.Start, chunk.End)) return null;
        var lines = text.Text;
        var (count, lineCount, marks) = (0, 0, new List<long>());
        for (var at = 0; at < text.Length; at += lines[at..].IndexOf((byte)'\n') + 1)
        {
            lineCount++;
            if (DirectFile.IsBlank(lines, at)) continue;
            if (count++ % CountedStretch.MarkRows == 0) marks.Add(text.Offset + at);
        }
        return new CountedStretch(chunk, count, lineCount, [.. marks]);
    }
}

namespace DistTrain.Data.Direct;

/// <summary>A cell as it stands in a row: up to the delimiter, or in quotes that are simply around it.</summary>
static class PlainCell
{
    /// <summary>Finds the cell that starts at <paramref name="start"/>.</summary>
    /// <param name="isLast">It ends at the line end, else at the delimiter.</param>
    /// <param name="from">Of its content's first byte, without its quotes.</param>
    /// <param name="to">Behind its content.</param>
    /// <param name="end">Of the delimiter or the line end.</param>
    /// <returns>False where quotes are not simply around it, a line end is inside, or it ends otherwise.</returns>
    public static bool TryFind(ReadOnlySpan<byte> text, int start, byte delimiter, bool isLast, out int from, out int to, out int end)
    {
        var isQuoted = text[start] == '"';
        from = isQuoted ? start + 1 : start;
        var rest = text[from..];
        var length = isQuoted ? rest.IndexOf((byte)'"') : rest.IndexOfAny(delimiter, (byte)'\n');
        (to, end) = (from, start);
        if (length < 0) return false;

        end = from + length + (isQuoted ? 1 : 0);
        if (!isQuoted && text[end] == '\n' && length > 0 && text[end - 1] == '\r') (end, length) = (end - 1, length - 1);
        to = from + length;
        return IsPlain(text[from..to]) && IsEnd(text, end, delimiter, isLast);
    }

    /// <summary>Neither quotes nor line ends are in it.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> content) => content.IndexOfAny("\"\r\n"u8) < 0;

    static bool IsEnd(ReadOnlySpan<byte> text, int at, byte delimiter, bool isLast) =>
        !isLast ? text[at] == delimiter : text[at] == '\n' || (text[at] == '\r' && text[at + 1] == '\n');
}

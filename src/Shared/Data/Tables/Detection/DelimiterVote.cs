namespace DistTrain.Data.Tables.Detection;

/// <summary>Which delimiter a text uses: the one by which most records have as many cells as the header.</summary>
static class DelimiterVote
{
    const int RecordsMax = 200;

    static readonly string[] Candidates = [",", "\t", ";", "|", "::"];

    /// <summary>
    /// The one with the largest share of agreeing records; then with most cells; then the most usual; "," if none occurs.
    /// </summary>
    public static string Choose(TextSample sample) =>
        Candidates
            .Select(delimiter => (Delimiter: delimiter, Counts: CellCounts(sample, delimiter)))
            .Where(vote => vote.Counts is [> 1, ..])
            .OrderByDescending(vote => vote.Counts.Count(count => count == vote.Counts[0]) / (double)vote.Counts.Count)
            .ThenByDescending(vote => vote.Counts[0])
            .Select(vote => vote.Delimiter)
            .FirstOrDefault(",");

    /// <summary>Cells of each record, blank lines left out; quotes as RFC 4180 says.</summary>
    static List<int> CellCounts(TextSample sample, string delimiter)
    {
        var text = sample.Text.AsSpan();
        var counts = new List<int>();
        while (!text.IsEmpty && counts.Count < RecordsMax)
        {
            var (length, count) = ReadRecord(text, delimiter);
            var isCut = length == text.Length && !sample.IsWhole;
            if (!text[..length].IsWhiteSpace() && (!isCut || counts.Count == 0)) counts.Add(count);
            text = text[length..];
        }
        return counts;
    }

    /// <summary>Length, line end included, and cells of the first record.</summary>
    static (int Length, int Cells) ReadRecord(ReadOnlySpan<char> text, string delimiter)
    {
        var (isQuoted, atCellStart, cells) = (false, true, 1);
        for (var i = 0; i < text.Length; i++)
        {
            if (isQuoted)
            {
                // Of a doubled quote the second is skipped; one alone ends the quoting.
                if (text[i] != '"') continue;
                if (i + 1 < text.Length && text[i + 1] == '"') i++;
                else isQuoted = false;
                continue;
            }
            isQuoted = atCellStart && text[i] == '"';
            atCellStart = false;
            if (text[i] == '\n') return (i + 1, cells);
            if (!text[i..].StartsWith(delimiter, StringComparison.Ordinal)) continue;

            cells++;
            i += delimiter.Length - 1;
            atCellStart = true;
        }
        return (text.Length, cells);
    }
}

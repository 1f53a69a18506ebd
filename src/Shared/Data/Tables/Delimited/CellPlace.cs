namespace DistTrain.Data.Tables.Delimited;

/// <summary>Where a cell begins: physical line and column, in characters, from 1.</summary>
readonly record struct CellPlace(string File, long Line, long Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";

    /// <summary>Line breaks before a cell of a raw record, and the cell's column on its line.</summary>
    /// <param name="record">The record as written, but with one character for a delimiter of several.</param>
    public static (int Lines, int Column) Within(ReadOnlySpan<char> record, int cell, string delimiter)
    {
        var one = delimiter.Length == 1 ? delimiter[0] : DelimiterTranslator.Replacement;
        var (lines, column) = (0, 1);
        var (atCellStart, cellIsQuoted, inQuotes) = (true, false, false);
        for (var i = 0; i < record.Length && cell > 0; i++)
        {
            if (atCellStart) cellIsQuoted = record[i] == '"';
            if (cellIsQuoted && record[i] == '"') inQuotes = !inQuotes;
            atCellStart = record[i] == one && !inQuotes;
            if (atCellStart) cell--;
            (lines, column) = record[i] == '\n' ? (lines + 1, 1) : (lines, column + (record[i] == one ? delimiter.Length : 1));
        }
        return (lines, column);
    }
}

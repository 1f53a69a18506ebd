using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Where a row's quotes go wrong; asked only after splitting it has failed, so it may take its time.</summary>
static class MismatchedQuotes
{
    /// <summary>The error that tells it.</summary>
    /// <param name="firstLine">The line that the row starts on.</param>
    public static Problem ProblemOf(IInputFile file, DetectedFormat format, long firstLine)
    {
        using var content = InputContent.Open(file);
        using var text = DelimitedRows.TextOf(content, format);
        for (var line = 1L; line < firstLine; line++) SkipLine(text);
        return new Scan(file.Name, format.Delimiter, firstLine).Read(text);
    }

    static void SkipLine(TextReader text)
    {
        int c;
        do c = text.Read();
        while (c is not ('\n' or -1));
    }

    /// <summary>Walks along a row as RFC 4180 says.</summary>
    sealed class Scan(string file, string delimiter, long firstLine)
    {
        readonly int _one = delimiter.Length == 1 ? delimiter[0] : DelimiterTranslator.Replacement;
        CellPlace _place = new(file, firstLine, 1);

        public Problem Read(TextReader text)
        {
            var opened = _place;
            var (inQuotes, afterQuotes, atCellStart) = (false, false, true);
            for (var c = text.Read(); c >= 0; c = text.Read())
            {
                if (afterQuotes && c != _one && c is not ('\r' or '\n')) return CellProblems.TextAfterQuote(_place, delimiter);
                if (atCellStart && c == '"') (inQuotes, opened) = (true, _place);
                else if (inQuotes && c == '"' && text.Peek() == '"') Advance(text.Read());
                else if (inQuotes && c == '"') (inQuotes, afterQuotes) = (false, true);
                if (c == _one && !inQuotes) afterQuotes = false;
                atCellStart = c == _one && !inQuotes;
                Advance(c);
                if (c == '\n' && !inQuotes) break;
            }
            return CellProblems.OpenQuote(opened);
        }

        void Advance(int c) => _place = c == '\n'
            ? _place with { Line = _place.Line + 1, Column = 1 }
            : _place with { Column = _place.Column + (c == _one ? delimiter.Length : 1) };
    }
}

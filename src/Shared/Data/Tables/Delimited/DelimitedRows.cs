using System.Text;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Problems;
using Sylvan.Data.Csv;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>The rows of one delimited file, one at a time: header first, blank lines left out, physical lines counted.</summary>
/// <remarks>Splitting and unquoting (RFC 4180) is Sylvan.Data.Csv's work; its errors become ours, with the place.</remarks>
sealed class DelimitedRows : IDisposable
{
    const int BufferChars = 1 << 16;

    readonly IInputFile _file;
    readonly DetectedFormat _format;
    readonly InputContent _content;
    readonly CsvDataReader _reader;
    long _nextLine = 1;

    /// <param name="rowsBefore">Rows of the files before this one.</param>
    public DelimitedRows(IInputFile file, DetectedFormat format, int rowsBefore = 0)
    {
        (_file, _format) = (file, format);
        Row = rowsBefore - 2; // The header comes first, and is no row.
        _content = InputContent.Open(file);
        try
        {
            _reader = Guarded(() => CsvDataReader.Create(TextOf(_content, format), OptionsOf(format)));
        }
        catch
        {
            _content.Dispose();
            throw;
        }
    }

    public string File => _file.Name;

    /// <summary>The physical line that the current row starts on, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The current row's number among all rows of the input, from 0.</summary>
    public int Row { get; private set; }

    /// <summary>The current row as written, without its line end.</summary>
    public string Text => TextOf(_reader.GetRawRecordSpan().TrimEnd("\r\n"));

    /// <summary>The current row holds a carriage return that ends no line.</summary>
    public bool HasLoneReturn => _reader.GetRawRecordSpan().TrimEnd("\r\n").Contains('\r');

    /// <summary>Cells of the current row.</summary>
    public int CellCount => _reader.RowFieldCount;

    /// <summary>
    /// A cell of the current row, unquoted; valid until the next is asked for. To keep it: <see cref="TextOf(ReadOnlySpan{char})"/>.
    /// </summary>
    public ReadOnlySpan<char> Cell(int index) => _reader.GetFieldSpan(index);

    /// <summary>A cell's text to keep, with the delimiter as it was written.</summary>
    public string TextOf(ReadOnlySpan<char> cell) => _format.Delimiter.Length == 1
        ? cell.ToString()
        : cell.ToString().Replace(DelimiterTranslator.Replacement.ToString(), _format.Delimiter, StringComparison.Ordinal);

    /// <summary>Where a cell of the current row begins.</summary>
    public CellPlace PlaceOf(int index)
    {
        var (line, column) = CellPlace.Within(_reader.GetRawRecordSpan(), index, _format.Delimiter);
        return new CellPlace(File, Line + line, column);
    }

    /// <summary>Goes to the next row that is not blank; false at the end.</summary>
    public bool Read()
    {
        do
        {
            Line = _nextLine;
            if (!ReadRecord()) return false;
            _nextLine += Math.Max(1, _reader.GetRawRecordSpan().Count('\n'));
        }
        while (CellCount == 1 && _reader.GetRawRecordSpan().IsWhiteSpace());
        Row++;
        return true;
    }

    /// <summary>Reads what is left of the file and gives the hash of its stored bytes.</summary>
    public string FinishHash() => _content.FinishHash();

    public void Dispose()
    {
        _reader.Dispose();
        _content.Dispose();
    }

    bool ReadRecord()
    {
        try
        {
            return _reader.Read();
        }
        catch (Exception e) when (AsProblem(e) is { } problem)
        {
            throw problem.AsException(e);
        }
    }

    CsvDataReader Guarded(Func<CsvDataReader> create)
    {
        try
        {
            return create();
        }
        catch (Exception e) when (AsProblem(e) is { } problem)
        {
            throw problem.AsException(e);
        }
    }

    Problem? AsProblem(Exception e)
    {
        if (e is CsvRecordTooLargeException) return FileProblems.LineTooLong(File, _nextLine);
        if (e is DecoderFallbackException) return MalformedBytes.ProblemOf(_file, _format.Encoding);
        if (e is CsvFormatException) return MismatchedQuotes.ProblemOf(_file, _format, _nextLine);
        return e is FormatException ? CellProblems.ReservedCharacter(File, _nextLine, _format.Delimiter) : null;
    }

    /// <summary>The text of a file without its byte order mark, a delimiter of several characters replaced by one.</summary>
    public static TextReader TextOf(InputContent content, DetectedFormat format)
    {
        var text = new StreamReader(content.AsStream(), format.Encoding, detectEncodingFromByteOrderMarks: false, BufferChars);
        if (text.Peek() == '\uFEFF') text.Read();
        return format.Delimiter.Length == 1 ? text : new DelimiterTranslator(text, format.Delimiter);
    }

    static CsvDataReaderOptions OptionsOf(DetectedFormat format) => new()
    {
        HasHeaders = false,
        Delimiter = format.Delimiter.Length == 1 ? format.Delimiter[0] : DelimiterTranslator.Replacement,
        // No comments in CSV: U+FFFF is no character, so no line starts with it.
        Comment = '\uFFFF',
        BufferSize = BufferChars,
        MaxBufferSize = FileProblems.LineMax,
    };
}

namespace DistTrain.Data.Tables.Delimited;

/// <summary>A text in which a delimiter of several characters is replaced by one that stands for it.</summary>
/// <remarks>
/// The CSV reader knows delimiters of one character only. The replacement happens in quoted cells as well; whoever keeps a cell's
/// text puts the delimiter back. The text must not hold the replacement itself.
/// </remarks>
sealed class DelimiterTranslator(TextReader inner, string delimiter) : TextReader
{
    /// <summary>U+001F, the unit separator.</summary>
    public const char Replacement = '\u001F';

    readonly char[] _read = new char[1 << 15];
    readonly char[] _ready = new char[1 << 15];
    int _readCount;
    int _readyStart;
    int _readyEnd;
    bool _ended;

    /// <exception cref="FormatException">The text holds the replacement character.</exception>
    public override int Read(char[] buffer, int index, int count)
    {
        MakeReady();
        var given = Math.Min(count, _readyEnd - _readyStart);
        _ready.AsSpan(_readyStart, given).CopyTo(buffer.AsSpan(index));
        _readyStart += given;
        return given;
    }

    public override int Peek() => MakeReady() ? _ready[_readyStart] : -1;

    public override int Read() => MakeReady() ? _ready[_readyStart++] : -1;

    /// <summary>False at the end.</summary>
    bool MakeReady()
    {
        while (_readyStart == _readyEnd && !(_ended && _readCount == 0)) Translate();
        return _readyStart < _readyEnd;
    }

    /// <summary>Moves what is certain from read to ready: a tail that may be the start of a delimiter waits for what follows.</summary>
    void Translate()
    {
        if (!_ended)
        {
            var more = inner.Read(_read, _readCount, _read.Length - _readCount);
            if (_read.AsSpan(_readCount, more).Contains(Replacement)) throw new FormatException("The text holds U+001F.");
            _readCount += more;
            _ended = more == 0;
        }

        var text = _read.AsSpan(0, _readCount);
        (_readyStart, _readyEnd) = (0, 0);
        while (text.IndexOf(delimiter, StringComparison.Ordinal) is var at && at >= 0)
        {
            text[..at].CopyTo(_ready.AsSpan(_readyEnd));
            _ready[_readyEnd + at] = Replacement;
            _readyEnd += at + 1;
            text = text[(at + delimiter.Length)..];
        }

        var certain = _ended ? text.Length : Math.Max(0, text.Length - delimiter.Length + 1);
        text[..certain].CopyTo(_ready.AsSpan(_readyEnd));
        _readyEnd += certain;
        text[certain..].CopyTo(_read);
        _readCount = text.Length - certain;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

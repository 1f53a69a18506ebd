using System.Text;
using DistTrain.Data.Tables.Input;

namespace DistTrain.Data.Tables.Libsvm;

/// <summary>The lines of a file as bytes of UTF-8, without line ends and byte order mark.</summary>
sealed class ByteLines : IDisposable
{
    const int BufferBytes = 1 << 18;

    readonly IInputFile _file;
    readonly Encoding _encoding;
    readonly InputContent _content;
    readonly Stream _text;
    byte[] _buffer = new byte[BufferBytes];
    int _start;
    int _end;
    bool _ended;

    /// <param name="encoding">What the file is in; other than UTF-8 it is translated.</param>
    public ByteLines(IInputFile file, Encoding encoding)
    {
        (_file, _encoding) = (file, encoding);
        _content = InputContent.Open(file);
        var content = _content.AsStream();
        _text = encoding is UTF8Encoding ? content : Encoding.CreateTranscodingStream(content, encoding, TextEncoding.Utf8);
        try
        {
            Fill();
        }
        catch
        {
            Dispose();
            throw;
        }
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8)) _start = 3;
    }

    public string File => _file.Name;

    /// <summary>The physical line last read, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next line, valid until the one after it is read; false at the end.</summary>
    /// <exception cref="Problems.DistTrainException">The line is too long.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        Line++;
        var searched = 0;
        int length;
        while ((length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n')) < 0 && !_ended)
        {
            searched = _end - _start;
            Fill();
        }
        length = length < 0 ? _end - _start : searched + length;
        line = _buffer.AsSpan(_start, length);
        var isLine = _start < _end;
        _start = Math.Min(_end, _start + length + 1);
        return isLine;
    }

    public string FinishHash() => _content.FinishHash();

    public void Dispose()
    {
        _text.Dispose();
        _content.Dispose();
    }

    /// <summary>Reads on behind what is kept, which moves to the front.</summary>
    void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_end >= FileProblems.LineMax) throw FileProblems.LineTooLong(File, Line).AsException();
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = ReadText(_buffer.AsSpan(_end));
        _end += read;
        _ended = read == 0;
    }

    int ReadText(Span<byte> buffer)
    {
        try
        {
            return _text.Read(buffer);
        }
        catch (DecoderFallbackException e)
        {
            throw MalformedBytes.ProblemOf(_file, _encoding).AsException(e);
        }
    }
}

using DistTrain.Problems;

namespace DistTrain.Data.Tables.Input;

/// <summary>One opened input file: its content, unpacked where it is gzip, while the stored bytes are hashed.</summary>
sealed class InputContent : IDisposable
{
    const int MagicBytesMax = 8;

    readonly StoredBytes _stored;
    readonly Stream _content;

    InputContent(string name, StoredBytes stored, Stream content) => (Name, _stored, _content) = (name, stored, content);

    public string Name { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DistTrainException">Its first bytes are those of a format that cannot be read.</exception>
    public static InputContent Open(IInputFile file)
    {
        var stored = new StoredBytes(file.Open());
        try
        {
            var first = stored.Peek(MagicBytesMax);
            if (FileSignature.OfUnreadable(first) is { } signature) throw FileProblems.Unreadable(file.Name, signature).AsException();
            return new InputContent(file.Name, stored, FileSignature.IsGzip(first) ? new GzipContent(stored) : stored);
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    /// <summary>The first <paramref name="count"/> bytes of a file's content, or all of it.</summary>
    public static byte[] ReadStart(IInputFile file, int count)
    {
        using var content = Open(file);
        var start = new byte[count];
        var read = 0;
        while (read < count && content.Read(start.AsSpan(read)) is var more && more > 0) read += more;
        return start[..read];
    }

    /// <summary>Whether a file is gzip that cannot be unpacked to its end; reads all of it where it is gzip.</summary>
    public static bool IsDamagedGzip(IInputFile file)
    {
        using var input = Open(file);
        if (input._content is not GzipContent unpacked) return false;
        var rest = new byte[1 << 16];
        try
        {
            while (unpacked.Read(rest) > 0)
            {
            }
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>Reads on; 0 at the end.</summary>
    /// <exception cref="DistTrainException">The file is damaged gzip.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw FileProblems.DamagedGzip(Name).AsException(e);
        }
    }

    /// <summary>The content as a stream, which need not be disposed of.</summary>
    public Stream AsStream() => new ContentStream(this);

    /// <summary>Reads what is left and gives the SHA-256 of the stored bytes, in hex.</summary>
    public string FinishHash() => _stored.FinishHash();

    public void Dispose() => _content.Dispose();

    sealed class ContentStream(InputContent content) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => content.Read(buffer);
    }
}

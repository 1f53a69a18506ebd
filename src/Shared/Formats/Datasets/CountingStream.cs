namespace DistTrain.Formats.Datasets;

/// <summary>A stream that can only be written, from its beginning on, and knows how far it has come.</summary>
abstract class CountingStream : Stream
{
    long _count;

    public override bool CanRead => false;

    /// <summary>Said because the writer of Arrow files asks; it never seeks.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _count;

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Take(buffer);
        _count += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush()
    {
        // Whoever owns the stream below decides when it is flushed.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Takes the next bytes.</summary>
    protected abstract void Take(ReadOnlySpan<byte> bytes);
}

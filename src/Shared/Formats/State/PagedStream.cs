using System.Collections.Immutable;

namespace DistTrain.Formats.State;

/// <summary>Memory that grows by pages as it is written, so that nothing is copied when it grows and more than 2 GiB have room.</summary>
public sealed class PagedStream : Stream
{
    const int PageBytes = 1 << 20;

    readonly ImmutableArray<ReadOnlyMemory<byte>>.Builder _full = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
    byte[] _page = new byte[PageBytes];
    int _used;

    /// <summary>What has been written, in order; not to be written any more.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> ToParts() => [.. _full, _page.AsMemory(0, _used)];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => (long)_full.Count * PageBytes + _used;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_used == PageBytes) TurnPage();
            var count = Math.Min(buffer.Length, PageBytes - _used);
            buffer[..count].CopyTo(_page.AsSpan(_used));
            _used += count;
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    void TurnPage()
    {
        _full.Add(_page);
        (_page, _used) = (new byte[PageBytes], 0);
    }
}

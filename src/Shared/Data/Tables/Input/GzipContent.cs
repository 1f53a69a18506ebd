using System.IO.Compression;

namespace DistTrain.Data.Tables.Input;

/// <summary>What a gzip file holds; a file that was cut short is refused, not taken for a shorter one.</summary>
/// <remarks>
/// <see cref="GZipStream"/> ends quietly where its input ends, even in the middle of a block. So a member of known content is appended
/// to the stored bytes: it comes out at the end if, and only if, everything before it was whole. It is held back from the reader.
/// </remarks>
sealed class GzipContent : ReadOnlyStream
{
    static readonly byte[] Mark = "\u0001DistTrain: end of the stored members\u0002"u8.ToArray();
    static readonly byte[] MarkMember = Compress(Mark);

    readonly GZipStream _unpacked;
    readonly byte[] _buffer = new byte[1 << 16];
    int _start;
    int _end;
    bool _ended;

    /// <param name="stored">The gzip members; disposed of with this stream.</param>
    public GzipContent(Stream stored) =>
        _unpacked = new GZipStream(new ThenMark(stored, MarkMember), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The stored bytes are damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && _end - _start <= Mark.Length) Fill();
        var given = Math.Min(buffer.Length, _ended ? 0 : _end - _start - Mark.Length);
        _buffer.AsSpan(_start, given).CopyTo(buffer);
        _start += given;
        return given;
    }

    void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = _unpacked.Read(_buffer.AsSpan(_end));
        _end += read;
        if (read > 0) return;

        if (!_buffer.AsSpan(0, _end).SequenceEqual(Mark)) throw new InvalidDataException("The gzip data ends too early.");
        _ended = true;
    }

    static byte[] Compress(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest)) packer.Write(content);
        return packed.ToArray();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The stored bytes, then the mark's.</summary>
    sealed class ThenMark(Stream stored, byte[] mark) : ReadOnlyStream
    {
        int _markGiven;

        public override int Read(Span<byte> buffer)
        {
            var read = stored.Read(buffer);
            if (read > 0 || buffer.IsEmpty) return read;
            var given = Math.Min(buffer.Length, mark.Length - _markGiven);
            mark.AsSpan(_markGiven, given).CopyTo(buffer);
            _markGiven += given;
            return given;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) stored.Dispose();
            base.Dispose(disposing);
        }
    }
}

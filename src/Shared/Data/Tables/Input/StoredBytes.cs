using System.Security.Cryptography;

namespace DistTrain.Data.Tables.Input;

/// <summary>A file's bytes as stored, hashed while they pass.</summary>
sealed class StoredBytes(Stream inner) : ReadOnlyStream
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    byte[] _peeked = [];
    int _peekedGiven;

    /// <summary>The first bytes, at most <paramref name="count"/>, which stay to be read. To be called before any reading.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        var first = new byte[count];
        var read = inner.ReadAtLeast(first, count, throwOnEndOfStream: false);
        _hash.AppendData(first, 0, read);
        return _peeked = first[..read];
    }

    public override int Read(Span<byte> buffer)
    {
        if (_peekedGiven < _peeked.Length)
        {
            var given = Math.Min(buffer.Length, _peeked.Length - _peekedGiven);
            _peeked.AsSpan(_peekedGiven, given).CopyTo(buffer);
            _peekedGiven += given;
            return given;
        }
        var read = inner.Read(buffer);
        _hash.AppendData(buffer[..read]);
        return read;
    }

    /// <summary>Reads what is left and gives the SHA-256 of all bytes, in lower-case hex.</summary>
    public string FinishHash()
    {
        var rest = new byte[1 << 16];
        while (Read(rest) > 0)
        {
        }
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}

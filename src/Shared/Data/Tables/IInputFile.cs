namespace DistTrain.Data.Tables;

/// <summary>One file of the input, wherever it is kept.</summary>
public interface IInputFile
{
    /// <summary>What messages call it: the path as the user wrote it.</summary>
    string Name { get; }

    /// <summary>
    /// The bytes as stored, from the first on; the caller disposes of the stream. May be asked for several times (format detection, a
    /// second pass) and gives the same bytes each time. A file that cannot be opened throws here.
    /// </summary>
    Stream Open();

    /// <summary>
    /// The same bytes by offset, for several threads at once; null where they can only be read from the first on. The caller disposes of it.
    /// </summary>
    IRandomAccess? OpenRandomAccess() => null;
}

/// <summary>Bytes that can be read at any offset, by several threads at once.</summary>
public interface IRandomAccess : IDisposable
{
    long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/> on; fewer bytes only at the end.</summary>
    /// <returns>Bytes read.</returns>
    int Read(long offset, Span<byte> buffer);
}

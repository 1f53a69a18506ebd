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
}

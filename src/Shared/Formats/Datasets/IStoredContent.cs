using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>Where the files of a dataset lie. Calls may come from several threads.</summary>
public interface IStoredContent
{
    /// <summary>The bytes of a file, found good (<see cref="StoredFile.RequireIn"/>). They stay while anybody reads them.</summary>
    /// <exception cref="DistTrainException">It cannot be had, or is not the one (DT4704, DT4705).</exception>
    ReadOnlyMemory<byte> Open(StoredFile file);

    /// <summary>The name of a file in messages.</summary>
    string ShownNameOf(string fileName);

    /// <summary>Says that the file will soon be read from its first byte to its last, so that a disk may begin. Returns at once, never fails.</summary>
    void ReadAhead(StoredFile file)
    {
    }

    /// <summary>Waits until a file that was asked for is there to be read, within bounds. Never fails.</summary>
    void Await(StoredFile file)
    {
    }

    /// <summary>
    /// Says that the file is not read for a while, so that memory need not hold it; who reads it nevertheless gets the same bytes. Never
    /// fails.
    /// </summary>
    void LetGo(StoredFile file)
    {
    }
}

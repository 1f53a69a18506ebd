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
}

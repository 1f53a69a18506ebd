using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>Where the files of a dataset lie. Calls may come from several threads.</summary>
public interface IStoredContent
{
    /// <summary>The bytes of a file as they are there: whoever asks checks length and hash. They stay while anybody reads them.</summary>
    /// <exception cref="DistTrainException">It cannot be had (DT4704).</exception>
    ReadOnlyMemory<byte> Open(StoredFile file);

    /// <summary>The name of a file in messages.</summary>
    string ShownNameOf(string fileName);
}

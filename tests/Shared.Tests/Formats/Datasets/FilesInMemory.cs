using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;

namespace DistTrain.Shared.Tests.Formats.Datasets;

/// <summary>A folder of a dataset in memory.</summary>
sealed class FilesInMemory : IStoredContent
{
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Names in the order in which they were written.</summary>
    public List<string> Order { get; } = [];

    public WrittenDataset? Written { get; private set; }

    public ReadOnlyMemory<byte> Manifest => Files[DatasetNames.Manifest];

    public static FilesInMemory Of(Dataset dataset, DatasetOrigin? origin = null)
    {
        var files = new FilesInMemory();
        files.Written = DatasetWriter.Write(dataset, origin ?? Origin, files.Put);
        return files;
    }

    public static DatasetOrigin Origin { get; } =
        new("1.2.3", new("class", "importance", null, ";", null), null, [new("a \"b\".csv", 0, "abc"), new("ü.csv", 0, "def")]);

    /// <summary>The same of rows that are made shard by shard.</summary>
    public static FilesInMemory Of(StreamedPlan plan)
    {
        var files = new FilesInMemory();
        (_, _, files.Written) = StreamedWriter.Write(plan, Origin, files.Put);
        return files;
    }

    public ReadOnlyMemory<byte> Open(StoredFile file)
    {
        if (!Files.TryGetValue(file.Name, out var bytes))
            throw StoredProblems.Unreadable(ShownNameOf(file.Name), "no such file").AsException();
        file.RequireIn(bytes, ShownNameOf(file.Name));
        return bytes;
    }

    public string ShownNameOf(string fileName) => $"data/{fileName}";

    /// <summary>The whole dataset, read again.</summary>
    public Dataset Read() => DatasetReader.ReadRows(DatasetReader.Read(Manifest, this), this);

    void Put(string name, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        Files.Add(name, stream.ToArray());
        Order.Add(name);
    }
}

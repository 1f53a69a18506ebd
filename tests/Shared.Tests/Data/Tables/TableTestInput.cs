using System.IO.Compression;
using System.Text;
using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Data.Tables;

/// <summary>A file in memory.</summary>
sealed record MemoryFile(string Name, byte[] Bytes) : IInputFile
{
    public MemoryFile(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>How often it was opened.</summary>
    public int Openings { get; private set; }

    public Stream Open()
    {
        Openings++;
        return new MemoryStream(Bytes, writable: false);
    }

    public MemoryFile Gzipped()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Bytes);
        return new MemoryFile(Name + ".gz", packed.ToArray());
    }
}

/// <summary>Short ways to read tables and to look at them.</summary>
static class TableTestInput
{
    public static Table Read(string text, TableOptions? options = null) => Read([new MemoryFile("train.csv", text)], options);

    public static Table Read(IReadOnlyList<IInputFile> files, TableOptions? options = null) =>
        TableReader.Read(files, options ?? new TableOptions());

    /// <summary>The problem that reading ends with.</summary>
    public static Problem Refused(Action read) => Assert.Throws<DistTrainException>(read).Problem;

    public static Problem Refused(string text, TableOptions? options = null) => Refused(() => Read(text, options));

    /// <summary>A column in words: numbers in round-trip form, or texts, separated by "|".</summary>
    public static string Shown(this TableColumn column) => column switch
    {
        NumericColumn numeric => string.Join("|", numeric.Values),
        TextColumn text => string.Join("|", text.Codes.Select(code => text.Dictionary[code])),
        IndexedColumns indexed => string.Join("|", Enumerable.Range(0, indexed.RowStarts.Length - 1).Select(row => RowShown(indexed, row))),
        _ => throw new ArgumentException(column.ToString()),
    };

    public static string Shown(this Table table) => string.Join(
        "\n", [.. table.Columns.Select(column => $"{column.GetType().Name} {column.Name} {column.Shown()}"), table.Label?.Shown() ?? "no labels"]);

    static string RowShown(IndexedColumns indexed, int row) => string.Join(
        " ", Enumerable.Range((int)indexed.RowStarts[row], (int)(indexed.RowStarts[row + 1] - indexed.RowStarts[row]))
            .Select(i => $"{indexed.Indices[i]}:{indexed.Values[i]}"));
}

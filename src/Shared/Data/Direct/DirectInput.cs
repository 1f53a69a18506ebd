using System.Collections.Immutable;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Detection;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>All files of an input, opened, the roles of their columns known.</summary>
sealed class DirectInput(DetectedFormat format, ImmutableArray<DirectFile> files, ColumnRoles roles) : IDisposable
{
    public ImmutableArray<DirectFile> Files => files;

    public ColumnRoles Roles => roles;

    public DetectedFormat Format => format;

    /// <summary>One byte, which is neither a quote nor part of a line end.</summary>
    public byte Delimiter => (byte)format.Delimiter[0];

    /// <summary>Cells of a row.</summary>
    public int CellCount => files[0].Header.Names.Length;

    /// <summary>Opens them; null where they are not all plain delimited text.</summary>
    /// <param name="rolesOf">Decides on the columns once the first header is known.</param>
    public static DirectInput? Open(IReadOnlyList<IInputFile> inputs, DetectedFormat format, Func<Header, ColumnRoles> rolesOf)
    {
        if (format.Delimiter is not ("," or ";" or "|" or "\t") || format.Encoding.WebName != "utf-8") return null;
        var files = ImmutableArray.CreateBuilder<DirectFile>(inputs.Count);
        DirectInput? opened = null;
        try
        {
            foreach (var input in inputs)
            {
                if (DirectFile.Open(input, format) is not { } file) return null;
                files.Add(file);
                file.Header.MustEqual(files[0].Header);
            }
            return opened = new DirectInput(format, files.ToImmutable(), rolesOf(files[0].Header));
        }
        finally
        {
            if (opened is null) Close(files);
        }
    }

    public void Dispose() => Close(files);

    static void Close(IEnumerable<DirectFile> files)
    {
        foreach (var file in files) file.Dispose();
    }

    /// <summary>Cuts the files into chunks and counts their rows; null where they are too many, or a line is too long.</summary>
    public CountedStretch[]? Count(int chunkBytes, IParallelFor parallel)
    {
        var chunks = files.SelectMany((file, number) => FileStretch.Cut(number, file.DataStart, file.Length, chunkBytes)).ToArray();
        var counted = new CountedStretch?[chunks.Length];
        var texts = new Scratch<LineBuffer>(() => new LineBuffer());
        parallel.Run(chunks.Length, i => texts.Use(text => counted[i] = RowCounting.Of(chunks[i], files[chunks[i].File], text)));
        return Array.TrueForAll(counted, chunk => chunk is not null) && counted.Sum(chunk => (long)chunk!.RowCount) <= Array.MaxLength
            ? Numbered(counted!)
            : null;
    }

    static CountedStretch[] Numbered(CountedStretch[] chunks)
    {
        var first = 0;
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = chunks[i] with { FirstRow = first };
            first += chunks[i].RowCount;
        }
        return chunks;
    }
}

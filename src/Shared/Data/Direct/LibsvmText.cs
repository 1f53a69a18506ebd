using System.Text;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;

namespace DistTrain.Data.Direct;

/// <summary>LIBSVM in plain files, cut into chunks of whole lines that can be read as often as they are wanted.</summary>
sealed class LibsvmText
{
    const int SignatureBytes = 8;

    readonly long[] _starts;

    LibsvmText(IReadOnlyList<IInputFile> files, OpenedFiles opened, int chunkBytes)
    {
        Files = files;
        _starts = [.. opened.Select(StartOf)];
        Chunks = [.. opened.SelectMany((file, number) => FileStretch.Cut(number, _starts[number], file.Length, chunkBytes))];
    }

    public IReadOnlyList<IInputFile> Files { get; }

    /// <summary>In the order of the input.</summary>
    public FileStretch[] Chunks { get; }

    static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>Null where the files are not all plain UTF-8 that can be read by offset.</summary>
    public static LibsvmText? Of(IReadOnlyList<IInputFile> files, DetectedFormat format, int chunkBytes)
    {
        if (format.Encoding is not UTF8Encoding) return null;
        using var opened = OpenedFiles.TryOpen(files);
        return opened is null || opened.Any(IsPacked) ? null : new LibsvmText(files, opened, chunkBytes);
    }

    /// <exception cref="Problems.DistTrainException">A file is not there any more, or no longer what it was.</exception>
    public OpenedFiles Open() => OpenedFiles.TryOpen(Files) ?? throw FileProblems.Changed(Files[0].Name).AsException();

    /// <summary>Reads the lines of a chunk; false where one is too long, or the file shorter than it was.</summary>
    public bool TryRead(OpenedFiles files, int chunk, LineBuffer into)
    {
        var (file, start, end) = Chunks[chunk];
        return into.TryReadLines(files[file], _starts[file], start, end);
    }

    /// <summary>The first chunk of a file, or of the next that has one.</summary>
    public int FirstChunkOf(int file) => Array.FindIndex(Chunks, chunk => chunk.File >= file) is >= 0 and var first ? first : Chunks.Length;

    static bool IsPacked(IRandomAccess file)
    {
        Span<byte> first = stackalloc byte[SignatureBytes];
        first = first[..file.Read(0, first)];
        return FileSignature.IsGzip(first) || FileSignature.OfUnreadable(first) is not null;
    }

    /// <summary>Behind the byte order mark, if there is one.</summary>
    static long StartOf(IRandomAccess file)
    {
        Span<byte> first = stackalloc byte[Mark.Length];
        return file.Read(0, first) == first.Length && first.SequenceEqual(Mark) ? Mark.Length : 0;
    }
}

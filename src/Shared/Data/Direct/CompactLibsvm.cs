using System.Text;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Libsvm;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>
/// Reads LIBSVM files on several threads into a table of <see cref="CompactColumns"/>, which becomes the same dataset as the one of
/// <see cref="LibsvmTable"/> does, and takes a fraction of the memory.
/// </summary>
sealed class CompactLibsvm
{
    /// <summary>Bytes of text that are read at once.</summary>
    public const int ChunkBytes = 1 << 20;

    const int SignatureBytes = 8;

    readonly IReadOnlyList<IInputFile> _files;
    readonly IReadOnlyList<IRandomAccess> _opened;
    readonly FileStretch[] _stretches;
    readonly DetectedFormat _format;
    readonly TableOptions _options;
    readonly CompactChunk[] _chunks;
    readonly string[] _hashes;

    CompactLibsvm(
        IReadOnlyList<IInputFile> files, IReadOnlyList<IRandomAccess> opened, DetectedFormat format, TableOptions options, int chunkBytes)
    {
        (_files, _opened, _format, _options) = (files, opened, format, options);
        _stretches = [.. opened.SelectMany((file, number) => FileStretch.Cut(number, StartOf(file), file.Length, chunkBytes))];
        (_chunks, _hashes) = (new CompactChunk[_stretches.Length], new string[files.Count]);
    }

    static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>The table; null where anything is out of the ordinary, so that reading row by row must say what.</summary>
    /// <param name="isExact">
    /// Whether values are needed as doubles in any case; else they are kept so only where one of the features may be held dense.
    /// </param>
    /// <param name="chunkBytes">Has no influence on what is read.</param>
    public static Table? TryRead(
        IReadOnlyList<IInputFile> files, DetectedFormat format, TableOptions options, bool isExact, IParallelFor parallel,
        int chunkBytes = ChunkBytes)
    {
        if (format.Encoding is not UTF8Encoding) return null;
        var opened = new List<IRandomAccess>();
        try
        {
            foreach (var file in files)
            {
                if (file.OpenRandomAccess() is not { } bytes) return null;
                opened.Add(bytes);
                if (IsPacked(bytes)) return null;
            }
            return new CompactLibsvm(files, opened, format, options, chunkBytes).TryRead(isExact, parallel);
        }
        finally
        {
            foreach (var file in opened) file.Dispose();
        }
    }

    static bool IsPacked(IRandomAccess file)
    {
        Span<byte> first = stackalloc byte[SignatureBytes];
        first = first[..file.Read(0, first)];
        return FileSignature.IsGzip(first) || FileSignature.OfUnreadable(first) is not null;
    }

    /// <summary>Behind the byte order mark, if there is one.</summary>
    static int StartOf(IRandomAccess file)
    {
        Span<byte> first = stackalloc byte[Mark.Length];
        return file.Read(0, first) == first.Length && first.SequenceEqual(Mark) ? Mark.Length : 0;
    }

    Table? TryRead(bool isExact, IParallelFor parallel)
    {
        var isRead = true;
        var readers = new Scratch<CompactChunkReader>(() => new CompactChunkReader(_options.Labels, _options.IndexBase ?? 0, isExact));
        // Hashes first: they take longest.
        parallel.Run(_files.Count + _stretches.Length, piece =>
        {
            if (!Volatile.Read(ref isRead)) return;
            if (piece < _files.Count)
                _hashes[piece] ??= FileStretch.HashOf(_opened[piece]);
            else
                readers.Use(reader => TryChunk(piece - _files.Count, reader));
        });
        if (!isRead || _chunks.Sum(chunk => (long)chunk.Lines.Length) is 0 or > int.MaxValue) return null;

        var columns = ColumnsOf(readers.All, isExact);
        var table = TableOf(columns);
        return isExact || !columns.MayBeDense(table.RowCount) ? table : TryRead(isExact: true, parallel);

        void TryChunk(int number, CompactChunkReader reader)
        {
            if (!TryRead(number, reader)) Volatile.Write(ref isRead, false);
        }
    }

    bool TryRead(int number, CompactChunkReader reader)
    {
        var (file, start, end) = _stretches[number];
        if (!reader.Text.TryReadLines(_opened[file], StartOf(_opened[file]), start, end)) return false;
        return reader.Read(new LibsvmCursor(reader.Text.Text[..(reader.Text.Length + LibsvmCursor.PaddingBytes)])) is { } chunk
            && (_chunks[number] = chunk) is not null;
    }

    CompactColumns ColumnsOf(IEnumerable<CompactChunkReader> readers, bool isExact)
    {
        var all = new IndexCounts();
        foreach (var reader in readers) all.Add(reader.Counts);
        var (indices, nonzeroCounts, hasOthers) = all.Found();
        var firstIndex = _options.IndexBase ?? (HasZeroIndex ? 0 : 1);
        return new CompactColumns(new CompactRows([.. _chunks.Select(chunk => chunk.Rows).Where(rows => rows.Starts.Length > 0)], isExact), indices, nonzeroCounts, hasOthers, firstIndex);
    }

    bool HasZeroIndex => Array.Exists(_chunks, chunk => chunk.HasZeroIndex);

    Table TableOf(CompactColumns columns)
    {
        var firstRows = FirstRows();
        return new Table
        {
            RowCount = firstRows[^1],
            Columns = [columns],
            Label = LabelMerge.Of("label", Array.ConvertAll(_chunks, chunk => chunk.Labels), firstRows[^1], int.MaxValue),
            Weights = null,
            Files = [.. _files.Select((file, f) => new TableFile(file.Name, firstRows[FirstChunkOf(f)], _hashes[f]))],
            Lines = Lines(),
            Form = _format.Form,
            Findings =
            [
                .. _format.Findings, .. _options.IndexBase is null ? [LibsvmTable.BaseFinding(columns.IndexBase, HasZeroIndex)] : Array.Empty<string>(),
            ],
        };
    }

    /// <summary>For each chunk its first row, then the number of rows.</summary>
    int[] FirstRows()
    {
        var firstRows = new int[_chunks.Length + 1];
        for (var c = 0; c < _chunks.Length; c++) firstRows[c + 1] = firstRows[c] + _chunks[c].Lines.Length;
        return firstRows;
    }

    int FirstChunkOf(int file) => Array.FindIndex(_stretches, stretch => stretch.File >= file) is >= 0 and var chunk ? chunk : _stretches.Length;

    int[] Lines()
    {
        var (lines, before, file) = (new GrowingArray<int>(), 0, 0);
        for (var c = 0; c < _chunks.Length; c++)
        {
            if (_stretches[c].File != file) (before, file) = (0, _stretches[c].File);
            foreach (var line in _chunks[c].Lines) lines.Add(before + line);
            before += _chunks[c].LineCount;
        }
        return lines.ToArray();
    }
}

using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
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

    readonly LibsvmText _text;
    readonly DetectedFormat _format;
    readonly TableOptions _options;
    readonly IParallelFor _parallel;
    readonly ForModel? _model;
    readonly long _roomBytes;
    readonly CompactChunk[] _chunks;
    readonly string[] _hashes;
    long _bytes;
    int _isFull;

    CompactLibsvm(LibsvmText text, DetectedFormat format, TableOptions options, IParallelFor parallel, ForModel? model, long roomBytes)
    {
        (_text, _format, _options, _parallel, _model, _roomBytes) = (text, format, options, parallel, model, roomBytes);
        (_chunks, _hashes) = (new CompactChunk[text.Chunks.Length], new string[text.Files.Count]);
    }

    /// <summary>The table; null where anything is out of the ordinary, so that reading row by row must say what.</summary>
    /// <param name="isExact">
    /// Whether values are needed as doubles in any case; else they are kept so only where one of the features may be held dense.
    /// </param>
    /// <param name="roomBytes">What rows may take of memory: where they take more, none is kept, and those that are wanted are read again.</param>
    /// <param name="chunkBytes">Has no influence on what is read.</param>
    public static Table? TryRead(
        IReadOnlyList<IInputFile> files, DetectedFormat format, TableOptions options, bool isExact, IParallelFor parallel,
        long roomBytes = long.MaxValue, int chunkBytes = ChunkBytes) =>
        LibsvmText.Of(files, format, chunkBytes) is { } text
            ? new CompactLibsvm(text, format, options, parallel, model: null, roomBytes).TryRead(isExact)
            : null;

    /// <summary>The same of rows for a model to judge, whose values are doubles.</summary>
    /// <param name="indexBase">The model's first index.</param>
    /// <param name="labelRequired">Whether rows must have labels; else none are read.</param>
    public static Table? TryReadFor(
        IReadOnlyList<IInputFile> files, DetectedFormat format, TableOptions options, int indexBase, bool labelRequired, IParallelFor parallel,
        int chunkBytes = ChunkBytes) =>
        (options.IndexBase ?? indexBase) == indexBase && LibsvmText.Of(files, format, chunkBytes) is { } text
            ? new CompactLibsvm(text, format, options with { IndexBase = indexBase }, parallel, new ForModel(labelRequired), long.MaxValue)
                .TryRead(isExact: true)
            : null;

    bool LabelRequired => _model is null or { LabelRequired: true };

    /// <summary>The rows take more than their room.</summary>
    bool IsFull => Volatile.Read(ref _isFull) != 0;

    Table? TryRead(bool isExact)
    {
        var isRead = true;
        var readers = new Scratch<CompactChunkReader>(() => new CompactChunkReader(_options.Labels, _options.IndexBase ?? 0, isExact, LabelRequired));
        (_bytes, _isFull) = (0, 0);
        using (var files = _text.Open())
        {
            // Hashes first: they take longest.
            _parallel.Run(_hashes.Length + _chunks.Length, piece =>
            {
                if (!Volatile.Read(ref isRead)) return;
                if (piece < _hashes.Length)
                    _hashes[piece] ??= FileStretch.HashOf(files[piece]);
                else
                    readers.Use(reader => TryChunk(piece - _hashes.Length, files, reader));
            });
        }
        if (!isRead || _chunks.Sum(chunk => (long)chunk.Lines.Length) is 0 or > int.MaxValue) return null;

        var table = TableOf(readers.All, isExact, FirstRows());
        return isExact || IsFull || table.Columns is not [CompactColumns columns] || !columns.MayBeDense(table.RowCount) ? table : TryRead(isExact: true);

        void TryChunk(int number, OpenedFiles files, CompactChunkReader reader)
        {
            if (!TryRead(number, files, reader)) Volatile.Write(ref isRead, false);
        }
    }

    bool TryRead(int number, OpenedFiles files, CompactChunkReader reader)
    {
        if (!_text.TryRead(files, number, reader.Text) || reader.Read(keepsRows: !IsFull) is not { } chunk) return false;
        _chunks[number] = chunk;
        // Whoever put a chunk in its place before it was full finds its rows let go; whoever did after, does so here.
        if (Interlocked.Add(ref _bytes, chunk.Rows.Length) > _roomBytes && Interlocked.Exchange(ref _isFull, 1) == 0) LetRowsGo();
        else if (IsFull) _chunks[number] = chunk with { Rows = chunk.Rows.WithoutRows() };
        return true;
    }

    void LetRowsGo()
    {
        for (var c = 0; c < _chunks.Length; c++)
            if (_chunks[c] is { } chunk) _chunks[c] = chunk with { Rows = chunk.Rows.WithoutRows() };
    }

    CompactColumns ColumnsOf(IEnumerable<CompactChunkReader> readers, bool isExact, int[] firstRows)
    {
        var all = new IndexCounts();
        foreach (var reader in readers) all.Add(reader.Counts);
        var (indices, nonzeroCounts, hasOthers) = all.Found();
        var firstIndex = _options.IndexBase ?? (HasZeroIndex ? 0 : 1);
        var columns = new CompactColumns(
            new CompactRows([.. _chunks.Select(chunk => chunk.Rows).Where(rows => rows.Starts.Length > 0)], isExact),
            indices, nonzeroCounts, hasOthers, firstIndex);
        if (!IsFull) return columns;

        var chunks = _chunks.Select((chunk, c) => new CountedChunk(chunk.Hash, firstRows[c], chunk.Rows));
        var becomesExact = !isExact && columns.MayBeDense(firstRows[^1]);
        return columns with { Rows = new RereadRows(_text, [.. chunks], isExact || becomesExact, becomesExact ? 2 : 1, _parallel) };
    }

    bool HasZeroIndex => Array.Exists(_chunks, chunk => chunk.HasZeroIndex);

    Table TableOf(IEnumerable<CompactChunkReader> readers, bool isExact, int[] firstRows)
    {
        var columns = ColumnsOf(readers, isExact, firstRows);
        return new Table
        {
            RowCount = firstRows[^1],
            Columns = [columns],
            Label = !LabelRequired ? null : LabelMerge.Of("label", Array.ConvertAll(_chunks, chunk => chunk.Labels), firstRows[^1], int.MaxValue),
            Weights = null,
            Files = [.. _text.Files.Select((file, f) => new TableFile(file.Name, firstRows[_text.FirstChunkOf(f)], _hashes[f]))],
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

    int[] Lines()
    {
        var (lines, before, file) = (new GrowingArray<int>(), 0, 0);
        for (var c = 0; c < _chunks.Length; c++)
        {
            if (_text.Chunks[c].File != file) (before, file) = (0, _text.Chunks[c].File);
            foreach (var line in _chunks[c].Lines) lines.Add(before + line);
            before += _chunks[c].LineCount;
        }
        return lines.ToArray();
    }

    /// <summary>What a model has to say of rows.</summary>
    sealed record ForModel(bool LabelRequired);
}

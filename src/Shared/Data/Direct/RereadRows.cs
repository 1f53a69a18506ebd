using System.IO.Hashing;
using DistTrain.Data.Tables.Input;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Rows that are read from the text again when they are wanted: memory holds some at a time.</summary>
/// <remarks>Lines of other rows are passed by. The text was found to be in order, and its hash says that it still is what was read then.</remarks>
/// <param name="chunks">Of all of the text.</param>
/// <param name="growth">How many times as long as they were counted rows may be: 2 where values were floats then and are doubles now.</param>
sealed class RereadRows(LibsvmText text, CountedChunk[] chunks, bool isExact, int growth, IParallelFor parallel) : ICompactRows
{
    const long NotHeld = -1;
    const long Wanted = -2;

    readonly int[] _firstRows = Array.ConvertAll(chunks, chunk => chunk.FirstRow);
    readonly RowBlocks _blocks = new();

    /// <summary>For each row, where it is in the blocks, or what is below 0.</summary>
    readonly long[] _places = new long[chunks[^1].FirstRow + chunks[^1].RowCount];

    public bool IsExact => isExact;

    public long Bytes => chunks.Sum(chunk => (long)chunk.Rows.Length + (long)chunk.RowCount * sizeof(int)) * growth;

    public bool AreHeld { get; private set; }

    public int BytesOf(int row)
    {
        var found = Array.BinarySearch(_firstRows, row);
        // Chunks without rows have the number of the next one: the last of them is meant.
        if (found < 0) found = ~found - 1;
        while (chunks[found].RowCount == 0) found++;
        return chunks[found].Rows.LengthOf(row - _firstRows[found]) * growth;
    }

    public void Hold(ReadOnlySpan<int> rows)
    {
        if (AreHeld && rows.Length > 0) return;
        Array.Fill(_places, NotHeld);
        foreach (var row in rows) _places[row] = Wanted;
        if (rows.IsEmpty) _blocks.LetGo();
        else Read();
        AreHeld = rows.Length == _places.Length;
    }

    public int CellsOf(int row) => CompactRow.CellsIn(BytesFrom(row));

    public void Read(int row, CompactRow into) => into.Read(BytesFrom(row), isExact);

    ReadOnlySpan<byte> BytesFrom(int row) => _places[row] >= 0
        ? _blocks.At(_places[row])
        : throw new InvalidOperationException($"Row {row} is not held.");

    void Read()
    {
        _blocks.Clear();
        using var files = text.Open();
        var workers = new Scratch<Worker>(() => new Worker(isExact));
        parallel.Run(chunks.Length, chunk =>
        {
            if (IsAnyWanted(chunks[chunk])) workers.Use(worker => Read(chunk, files, worker));
        });
    }

    bool IsAnyWanted(CountedChunk chunk) => _places.AsSpan(chunk.FirstRow, chunk.RowCount).Contains(Wanted);

    void Read(int number, OpenedFiles files, Worker worker)
    {
        if (!text.TryRead(files, number, worker.Text) || XxHash3.HashToUInt64(worker.Text.Lines) != chunks[number].Hash)
            throw FileProblems.Changed(text.Files[text.Chunks[number].File].Name).AsException();

        var cursor = new LibsvmCursor(worker.Text.Padded);
        for (var row = chunks[number].FirstRow; cursor.NextRow(); row++)
        {
            if (_places[row] == Wanted) _places[row] = worker.Put(CompactChunkReader.ReadRow(ref cursor, worker.Rows), _blocks);
        }
    }

    /// <summary>What one thread works with.</summary>
    sealed class Worker(bool isExact)
    {
        (int Number, byte[] Bytes) _block = (0, []);
        int _used;

        public LineBuffer Text { get; } = new();

        public CompactRowWriter Rows { get; } = new(isExact);

        /// <summary>Keeps a row.</summary>
        /// <returns>Its place.</returns>
        public long Put(ReadOnlySpan<byte> row, RowBlocks blocks)
        {
            if (_block.Bytes.Length - _used < row.Length) (_block, _used) = (blocks.Take(row.Length), 0);
            row.CopyTo(_block.Bytes.AsSpan(_used));
            var place = RowBlocks.PlaceOf(_block.Number, _used);
            _used += row.Length;
            return place;
        }
    }
}

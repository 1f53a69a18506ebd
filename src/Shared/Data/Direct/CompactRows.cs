namespace DistTrain.Data.Direct;

/// <summary>All rows of an input, in its order.</summary>
/// <param name="chunks">In the order of the input; none is empty.</param>
sealed class CompactRows(CompactBytes[] chunks, bool isExact) : ICompactRows
{
    readonly int[] _firstRows = FirstRowsOf(chunks);

    public bool IsExact => isExact;

    public long Bytes => chunks.Sum(chunk => chunk.Bytes.LongLength + chunk.Starts.LongLength * sizeof(int));

    public bool AreHeld => true;

    public int BytesOf(int row)
    {
        var (chunk, place) = PlaceOf(row);
        return chunk.LengthOf(place) + sizeof(int);
    }

    public void Hold(ReadOnlySpan<int> rows)
    {
        // All are held.
    }

    public int CellsOf(int row) => CompactRow.CellsIn(BytesFrom(row));

    public void Read(int row, CompactRow into) => into.Read(BytesFrom(row), isExact);

    ReadOnlySpan<byte> BytesFrom(int row)
    {
        var (chunk, place) = PlaceOf(row);
        return chunk.Bytes.AsSpan(chunk.Starts[place]..);
    }

    (CompactBytes Chunk, int Place) PlaceOf(int row)
    {
        var found = Array.BinarySearch(_firstRows, row);
        if (found < 0) found = ~found - 1;
        return (chunks[found], row - _firstRows[found]);
    }

    static int[] FirstRowsOf(CompactBytes[] chunks)
    {
        var first = new int[chunks.Length];
        for (var c = 1; c < chunks.Length; c++) first[c] = first[c - 1] + chunks[c - 1].Starts.Length;
        return first;
    }
}

/// <summary>The rows of one chunk of the text.</summary>
/// <param name="Bytes">The rows, one after the other; empty where they were let go.</param>
/// <param name="Starts">Where each row starts.</param>
/// <param name="Length">Of the bytes.</param>
sealed record CompactBytes(byte[] Bytes, int[] Starts, int Length)
{
    public int LengthOf(int row) => (row + 1 < Starts.Length ? Starts[row + 1] : Length) - Starts[row];

    /// <summary>What is left when its rows are let go: how long they were.</summary>
    public CompactBytes WithoutRows() => this with { Bytes = [] };
}

namespace DistTrain.Data.Direct;

/// <summary>The rows of a stretch, counted, and where to find one among them.</summary>
/// <param name="RowCount">Lines that are not blank.</param>
/// <param name="LineCount">All lines.</param>
/// <param name="Marks">Offsets of the rows numbered 0, <see cref="MarkRows"/>, 2 · <see cref="MarkRows"/>, … in the stretch.</param>
sealed record CountedStretch(FileStretch Chunk, int RowCount, int LineCount, long[] Marks)
{
    public const int MarkRows = 32;

    /// <summary>Number of its first row among those of all files.</summary>
    public int FirstRow { get; init; }
}

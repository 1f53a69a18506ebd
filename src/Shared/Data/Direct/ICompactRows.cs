namespace DistTrain.Data.Direct;

/// <summary>Rows of LIBSVM in few bytes, by their number in the input.</summary>
interface ICompactRows
{
    /// <summary>Whether values are doubles; else they are the floats nearest to what was read.</summary>
    bool IsExact { get; }

    /// <summary>What all rows take, or would take.</summary>
    long Bytes { get; }

    /// <summary>All rows are in memory.</summary>
    bool AreHeld { get; }

    /// <summary>What a row takes in memory while it is held, at most.</summary>
    int BytesOf(int row);

    /// <summary>Makes sure that these rows can be read until it is called again; others may be let go. Called by one thread, while none reads.</summary>
    /// <exception cref="Problems.DistTrainException">DT4009: a file was changed since it was first read.</exception>
    void Hold(ReadOnlySpan<int> rows);

    /// <summary>How many cells one of the rows that are held has; several threads may ask.</summary>
    int CellsOf(int row);

    /// <summary>Reads one of the rows that are held; several threads may do so.</summary>
    void Read(int row, CompactRow into);
}

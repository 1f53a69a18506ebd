namespace DistTrain.Data.Direct;

/// <summary>What is known of a chunk of LIBSVM when its rows have been let go.</summary>
/// <param name="Hash">Of its text: the same text is found again, or none.</param>
/// <param name="FirstRow">Number of its first row in the input.</param>
/// <param name="Rows">How long they are in few bytes.</param>
sealed record CountedChunk(ulong Hash, int FirstRow, CompactBytes Rows)
{
    public int RowCount => Rows.Starts.Length;
}

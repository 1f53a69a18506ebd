namespace DistTrain.Data.Storage;

/// <summary>The one way of cutting: piece t of T of n rows holds rows ⌊t·n/T⌋ to ⌊(t+1)·n/T⌋ − 1, so sizes differ by at most 1.</summary>
static class Pieces
{
    /// <summary>First row of piece <paramref name="piece"/>; of the piece after the last, the row count.</summary>
    public static int StartOf(long piece, long pieceCount, int rowCount) => (int)(piece * rowCount / pieceCount);

    /// <summary>Rows of the largest piece; 0 where there are none.</summary>
    public static int LargestOf(int pieceCount, int rowCount) => rowCount == 0 ? 0 : (rowCount - 1) / pieceCount + 1;
}

using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>The room that a shard's sparse rows need, found before they are written.</summary>
sealed class SparseRoom(int rowCount)
{
    readonly int[] _starts = new int[rowCount + 1];
    bool _hasOthersThanOnes;

    /// <summary>Keeps room for a row of these values.</summary>
    public void Reserve(int row, ReadOnlySpan<float> values) => Reserve(row, values.Length, values.ContainsAnyExcept(1f));

    /// <summary>Keeps room for a row of so many values; of several rows at once where they differ.</summary>
    /// <param name="hasOthersThanOnes">Whether one of the values is not 1.</param>
    public void Reserve(int row, int count, bool hasOthersThanOnes)
    {
        _starts[row + 1] = count;
        if (hasOthersThanOnes) _hasOthersThanOnes = true;
    }

    /// <summary>Rows of the right sizes, their entries still to be written.</summary>
    public SparseRows ToRows()
    {
        for (var row = 0; row < rowCount; row++) _starts[row + 1] = checked(_starts[row + 1] + _starts[row]);
        var count = _starts[rowCount];
        return new SparseRows(_starts, new int[count], _hasOthersThanOnes ? new float[count] : null);
    }
}

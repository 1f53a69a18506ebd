using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>The room that a shard's sparse rows need, found before they are written.</summary>
sealed class SparseRoom(int rowCount)
{
    readonly int[] _starts = new int[rowCount + 1];
    bool _hasOthersThanOnes;

    /// <summary>Keeps room for a row of these values.</summary>
    public void Reserve(int row, ReadOnlySpan<float> values)
    {
        _starts[row + 1] = values.Length;
        _hasOthersThanOnes |= values.ContainsAnyExcept(1f);
    }

    /// <summary>Rows of the right sizes, their entries still to be written.</summary>
    public SparseRows ToRows()
    {
        for (var row = 0; row < rowCount; row++) _starts[row + 1] = checked(_starts[row + 1] + _starts[row]);
        var count = _starts[rowCount];
        return new SparseRows(_starts, new int[count], _hasOthersThanOnes ? new float[count] : null);
    }
}

using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// What the closing pass finds of a shard and the certificate's entropies, which are asked for next, need again: the probabilities of rows, and
/// the loss of each block. Entropies of it have the bits of those that are computed anew.
/// </summary>
/// <remarks>Written by one thread, which hands it over.</remarks>
sealed class ClosedRows(int rowCount, int classCount)
{
    readonly double[] _probabilities = GC.AllocateUninitializedArray<double>(checked(rowCount * classCount));
    readonly double[] _losses = new double[(rowCount + Shard.BlockRows - 1) / Shard.BlockRows];

    /// <summary>What the rows of a shard take.</summary>
    public static long BytesOf(int rowCount, int classCount) => (long)rowCount * classCount * sizeof(double);

    /// <summary>p of a row, [K]; of one that has weight and a class of the softmax, else anything.</summary>
    public Span<double> ProbabilitiesOf(int row) => _probabilities.AsSpan(row * classCount, classCount);

    /// <summary>The loss that training minimises of the block that begins with row <paramref name="first"/>.</summary>
    public ref double LossOf(int first) => ref _losses[first / Shard.BlockRows];
}

using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>
/// One fixed piece of a dataset in the form the kernels read; immutable once built, shared between threads. Its layout is part of the
/// arithmetic: the order in which numbers are added follows from it.
/// </summary>
public sealed class Shard
{
    /// <summary>Rows of a block: the unit of float arithmetic. Four streams of a quarter of it are read at once.</summary>
    public const int BlockRows = 4096;

    /// <summary>Most rows of a shard with sparse columns, whose rows are numbered in 16 bits.</summary>
    public const int SparseRowsMax = 65_536;

    public required ShardId Id { get; init; }

    public required int RowCount { get; init; }

    /// <summary>Dense columns, row by row, as held (centred).</summary>
    public required DenseRows Dense { get; init; }

    /// <summary>For each coded column of the layout, one byte per row.</summary>
    public required ImmutableArray<byte[]> Codes { get; init; }

    /// <summary>The other features, by columns.</summary>
    public required SparseColumns Sparse { get; init; }

    /// <summary>Active class of each row, 0 … K − 1; −1 − i where it is inactive class i, which takes no part in the softmax.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Weight of each row, finite and ≥ 0; null where all are 1.</summary>
    public required float[]? Weights { get; init; }

    /// <summary>For each row, its number in the input, from 0.</summary>
    public required int[] SourceRows { get; init; }

    public float WeightOf(int row) => Weights is null ? 1f : Weights[row];
}

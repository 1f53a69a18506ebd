using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>Float loss and gradient of a shard: a pure function of shard and point, in one fixed order.</summary>
/// <remarks>
/// Sparse columns first add their part to every row's logits; then block after block of 4,096 rows adds dense and coded columns, takes the
/// softmax and leaves residuals; then the sparse columns gather theirs. Float sums run over 128 rows or nonzeros at most
/// (<see cref="BlockSums"/>); from the block's double totals, and from a column's float pieces, come integers, by one rounding each.
/// </remarks>
interface IFloatKernel
{
    void Evaluate(FloatTables point, Shard shard, EvaluationSums sums);
}

/// <inheritdoc cref="IFloatKernel"/>
sealed unsafe class FloatKernel<TLanes>(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets) : IFloatKernel
    where TLanes : struct, ILanes<TLanes>
{
    readonly LaneLayout _lanes = new(shape.ClassCount);
    readonly BlockKernel<TLanes> _block = new(shape, layout, scales, targets);
    AlignedMemory<float> _rows = new(0);

    public void Evaluate(FloatTables point, Shard shard, EvaluationSums sums)
    {
        var rows = shard.Sparse.IsEmpty ? null : SparseLogits(point, shard);
        for (var first = 0; first < shard.RowCount; first += Shard.BlockRows)
            _block.Evaluate(point, shard, first, rows, sums);

        // Residuals of a loss that is not a number are none either.
        if (rows is not null && !sums.NonFinite) AddSparseGradient(shard, sums.Gradient);
        GC.KeepAlive(point);
    }

    /// <summary>The sparse columns' part of all logits, [groups][rows][Width].</summary>
    float* SparseLogits(FloatTables point, Shard shard)
    {
        _rows = _rows.AtLeast(checked(_lanes.LaneCount * shard.RowCount));
        _rows.Span[..(_lanes.LaneCount * shard.RowCount)].Clear();
        for (var group = 0; group < _lanes.GroupCount; group++)
        {
            var weights = point.Sparse.First + (nint)group * layout.SparseCount * TLanes.Width;
            SparseKernel<TLanes>.AddLogits(shard.Sparse, weights, RowsOf(group, shard));
        }
        return _rows.First;
    }

    void AddSparseGradient(Shard shard, long[] gradient)
    {
        var classes = (nint)_lanes.FreeClassCount;
        fixed (long* sums = gradient)
        fixed (double* scale = scales.Features)
        {
            var first = sums + layout.SparseFirst * classes;
            for (var group = 0; group < _lanes.GroupCount; group++)
            {
                SparseKernel<TLanes>.AddGradient(
                    shard.Sparse, RowsOf(group, shard), scale + layout.SparseFirst, first + group * TLanes.Width, classes);
            }
        }
    }

    float* RowsOf(int group, Shard shard) => _rows.First + (nint)group * shard.RowCount * TLanes.Width;
}

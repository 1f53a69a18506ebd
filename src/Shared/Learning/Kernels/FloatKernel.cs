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
    readonly GatheredFeatures _gathered = new(layout, new LaneLayout(shape.ClassCount), scales);
    readonly BlockKernel<TLanes> _block = new(shape, layout, scales, targets);
    AlignedMemory<float> _rows = new(0);

    public void Evaluate(FloatTables point, Shard shard, EvaluationSums sums)
    {
        var isGathered = sums.Touched is not null;
        var rows = shard.Sparse.IsEmpty ? null : SparseLogits(point, shard, isGathered);
        for (var first = 0; first < shard.RowCount; first += Shard.BlockRows)
            _block.Evaluate(point, shard, first, rows, sums);

        // Residuals of a loss that is not a number are none either.
        if (rows is not null && !sums.NonFinite)
        {
            if (isGathered) AddTouchedGradient(shard, sums.Touched!);
            else AddSparseGradient(shard, sums.Gradient);
        }
        GC.KeepAlive(point);
    }

    /// <summary>The sparse columns' part of all logits, [groups][rows][Width].</summary>
    /// <param name="isGathered">Only the weights of the shard's own features are read: how many others there are costs nothing.</param>
    float* SparseLogits(FloatTables point, Shard shard, bool isGathered)
    {
        if (isGathered) _gathered.Open(point, shard.Sparse);
        var (table, count) = isGathered ? (_gathered.Weights, _gathered.Count) : (point.Sparse, layout.SparseCount);
        _rows = _rows.AtLeast(checked(_lanes.LaneCount * shard.RowCount));
        _rows.Span[..(_lanes.LaneCount * shard.RowCount)].Clear();
        for (var group = 0; group < _lanes.GroupCount; group++)
        {
            var weights = table.First + (nint)group * count * TLanes.Width;
            SparseKernel<TLanes>.AddLogits(shard.Sparse, new SparsePlaces(shard.Sparse, isGathered), weights, RowsOf(group, shard));
        }
        return _rows.First;
    }

    void AddSparseGradient(Shard shard, long[] gradient)
    {
        fixed (long* sums = gradient)
        fixed (double* scale = scales.Features)
        {
            var first = sums + layout.SparseFirst * (nint)_lanes.FreeClassCount;
            AddSparseGradient(shard, new SparsePlaces(shard.Sparse, isGathered: false), scale + layout.SparseFirst, first);
        }
    }

    /// <summary>The same for the features that the shard touches.</summary>
    void AddTouchedGradient(Shard shard, TouchedSums touched)
    {
        var sums = touched.Append(shard.Sparse.Touched.Features);
        fixed (long* first = sums)
        fixed (double* scale = _gathered.Scales)
            AddSparseGradient(shard, new SparsePlaces(shard.Sparse, isGathered: true), scale, first);
    }

    void AddSparseGradient(Shard shard, SparsePlaces places, double* scale, long* first)
    {
        for (var group = 0; group < _lanes.GroupCount; group++)
        {
            SparseKernel<TLanes>.AddGradient(
                shard.Sparse, places, RowsOf(group, shard), scale, first + group * TLanes.Width, _lanes.FreeClassCount);
        }
    }

    float* RowsOf(int group, Shard shard) => _rows.First + (nint)group * shard.RowCount * TLanes.Width;
}

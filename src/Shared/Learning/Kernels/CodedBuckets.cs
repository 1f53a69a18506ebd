using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The coded columns of a block: weights looked up by code on the way in, residuals summed by code on the way back.</summary>
/// <remarks>
/// The cost per row does not depend on how many features a code names. Buckets are doubles over one block: rows of one code are often alike
/// and would err alike in float. At the block's end they are handed to the features and rounded once per feature and class.
/// </remarks>
sealed unsafe class CodedBuckets<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    readonly FeatureLayout _layout;
    readonly LaneLayout _lanes;
    readonly Scales _scales;
    readonly AlignedMemory<double>[] _buckets;
    readonly AlignedMemory<nint> _tables;
    readonly AlignedMemory<nint> _codes;

    public CodedBuckets(FeatureLayout layout, LaneLayout lanes, Scales scales)
    {
        (_layout, _lanes, _scales) = (layout, lanes, scales);
        _buckets = [.. layout.Coded.Select(column => new AlignedMemory<double>(checked(lanes.LaneCount * column.CodeCount)))];
        _tables = new AlignedMemory<nint>(layout.Coded.Length);
        _codes = new AlignedMemory<nint>(layout.Coded.Length);
    }

    public int ColumnCount => _buckets.Length;

    public void Clear()
    {
        foreach (var bucket in _buckets) bucket.Span.Clear();
    }

    /// <summary>rows[r] += the summed weights that row r's codes name, for eight rows of one group of classes.</summary>
    [MethodImpl(Compilation.Full)]
    public void AddWeights(FloatTables point, BlockRows block, int slot, int group, float* rows)
    {
        nint* tables = _tables.First, codes = _codes.First;
        var columns = ColumnCount;
        for (var column = 0; column < columns; column++)
        {
            tables[column] = (nint)(point.Coded[column].First + group * _layout.Coded[column].CodeCount * TLanes.Width);
            codes[column] = (nint)(block.CodesOf(column) + slot);
        }
        for (var row = 0; row < 8; row++)
        {
            var lanes = TLanes.Load(rows + row * TLanes.Width);
            for (var column = 0; column < columns; column++)
                lanes = TLanes.Add(lanes, TLanes.Load((float*)tables[column] + ((byte*)codes[column])[row] * TLanes.Width));
            lanes.Store(rows + row * TLanes.Width);
        }
    }

    /// <summary>bucket[code of row r] += rows[r], in every column, for eight rows of residuals of one group of classes.</summary>
    [MethodImpl(Compilation.Full)]
    public void AddResiduals(BlockRows block, int slot, int group, float* rows)
    {
        for (var column = 0; column < ColumnCount; column++)
        {
            var bucket = _buckets[column].First + group * _layout.Coded[column].CodeCount * TLanes.Width;
            var codes = block.CodesOf(column) + slot;
            for (var row = 0; row < 8; row++)
                TLanes.Load(rows + row * TLanes.Width).AddTo(bucket + codes[row] * TLanes.Width);
        }
    }

    /// <summary>Hands the block's buckets to the features they stand for; the buckets are used up.</summary>
    public void AddTo(long[] gradient)
    {
        for (var column = 0; column < ColumnCount; column++)
        {
            var layout = _layout.Coded[column];
            for (var group = 0; group < _lanes.GroupCount; group++)
            {
                var bucket = _buckets[column].First + group * layout.CodeCount * TLanes.Width;
                if (layout.Kind == CodeKind.Level) AddLevels(layout, bucket, group, gradient);
                else AddBits(layout, bucket, group, gradient);
            }
        }
    }

    void AddLevels(CodedColumnLayout layout, double* bucket, int group, long[] gradient)
    {
        for (var code = 1; code < layout.CodeCount; code++)
            Round(layout.FirstFeature + code - 1, group, bucket + code * TLanes.Width, gradient);
    }

    /// <summary>From the highest bit down: the upper half of the codes has it; then both halves fall together.</summary>
    [MethodImpl(Compilation.Full)]
    void AddBits(CodedColumnLayout layout, double* bucket, int group, long[] gradient)
    {
        var sums = stackalloc double[TLanes.Width];
        for (var bit = layout.FeatureCount - 1; bit >= 0; bit--)
        {
            for (var lane = 0; lane < TLanes.Width; lane++) sums[lane] = 0;
            var half = TLanes.Width << bit;
            for (var code = 0; code < half; code += TLanes.Width)
            {
                for (var lane = 0; lane < TLanes.Width; lane++)
                {
                    var upper = bucket[half + code + lane];
                    sums[lane] += upper;
                    bucket[code + lane] += upper;
                }
            }
            Round(layout.FirstFeature + bit, group, sums, gradient);
        }
    }

    /// <summary>A feature's sums of one group of classes.</summary>
    void Round(int feature, int group, double* sums, long[] gradient)
    {
        var first = group * TLanes.Width;
        for (var c = first; c < Math.Min(first + TLanes.Width, _lanes.FreeClassCount); c++)
            gradient[feature * _lanes.FreeClassCount + c] += FixedPoint.Round(sums[c - first] * _scales.Features[feature]);
    }
}

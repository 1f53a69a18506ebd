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

    /// <summary>Numbers of a group of classes in each column's table and bucket.</summary>
    readonly nint[] _groupLengths;

    public CodedBuckets(FeatureLayout layout, LaneLayout lanes, Scales scales)
    {
        (_layout, _lanes, _scales) = (layout, lanes, scales);
        _buckets = [.. layout.Coded.Select(column => new AlignedMemory<double>(checked(lanes.LaneCount * column.CodeCount)))];
        _groupLengths = [.. layout.Coded.Select(column => (nint)column.CodeCount * TLanes.Width)];
    }

    public int ColumnCount => _buckets.Length;

    public void Clear()
    {
        foreach (var bucket in _buckets) bucket.Span.Clear();
    }

    /// <summary>rows[r] += the summed weights that row r's codes name, for eight rows of one group of classes.</summary>
    public void AddWeights(FloatTables point, BlockRows block, int slot, int group, float* rows)
    {
        var column = 0;
        for (; column + 4 <= ColumnCount; column += 4)
        {
            AddWeights(
                Table(column), Table(column + 1), Table(column + 2), Table(column + 3),
                Codes(column), Codes(column + 1), Codes(column + 2), Codes(column + 3), rows);
        }
        for (; column < ColumnCount; column++) AddWeights(Table(column), Codes(column), rows);

        float* Table(int at) => point.Coded[at].First + group * _groupLengths[at];
        byte* Codes(int at) => block.CodesOf(at) + slot;
    }

    [MethodImpl(Compilation.Full)]
    static void AddWeights(float* table, byte* codes, float* rows)
    {
        for (var row = 0; row < 8; row++)
            TLanes.Add(TLanes.Load(rows + row * TLanes.Width), WeightsOf(table, codes[row])).Store(rows + row * TLanes.Width);
    }

    /// <summary>The additions of four columns one after the other, without a row's numbers leaving their register.</summary>
    [MethodImpl(Compilation.Full)]
    static void AddWeights(
        float* table0, float* table1, float* table2, float* table3, byte* codes0, byte* codes1, byte* codes2, byte* codes3, float* rows)
    {
        for (nint row = 0; row < 8; row++)
        {
            var lanes = TLanes.Add(TLanes.Load(rows + row * TLanes.Width), WeightsOf(table0, codes0[row]));
            lanes = TLanes.Add(lanes, WeightsOf(table1, codes1[row]));
            lanes = TLanes.Add(lanes, WeightsOf(table2, codes2[row]));
            TLanes.Add(lanes, WeightsOf(table3, codes3[row])).Store(rows + row * TLanes.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes WeightsOf(float* table, nint code) => TLanes.Load(table + code * TLanes.Width);

    /// <summary>bucket[code of row r] += rows[r], in every column, for eight rows of residuals of one group of classes.</summary>
    public void AddResiduals(BlockRows block, int slot, int group, float* rows)
    {
        var column = 0;
        for (; column + 2 <= ColumnCount; column += 2) AddResiduals(Bucket(column), Bucket(column + 1), Codes(column), Codes(column + 1), rows);
        if (column < ColumnCount) AddResiduals(Bucket(column), Codes(column), rows);

        double* Bucket(int at) => _buckets[at].First + group * _groupLengths[at];
        byte* Codes(int at) => block.CodesOf(at) + slot;
    }

    [MethodImpl(Compilation.Full)]
    static void AddResiduals(double* bucket, byte* codes, float* rows)
    {
        for (nint row = 0; row < 8; row++)
            TLanes.Load(rows + row * TLanes.Width).AddTo(bucket + codes[row] * (nint)TLanes.Width);
    }

    /// <summary>The same for two columns, each of which waits less for its own last sum.</summary>
    [MethodImpl(Compilation.Full)]
    static void AddResiduals(double* bucket0, double* bucket1, byte* codes0, byte* codes1, float* rows)
    {
        for (nint row = 0; row < 8; row++)
        {
            var lanes = TLanes.Load(rows + row * TLanes.Width);
            lanes.AddTo(bucket0 + codes0[row] * (nint)TLanes.Width);
            lanes.AddTo(bucket1 + codes1[row] * (nint)TLanes.Width);
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

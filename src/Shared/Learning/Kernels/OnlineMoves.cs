using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Data.Storage;
using DistTrain.Learning.Online;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>What a pass moved, rounded into sums; its records are then as they were before it.</summary>
sealed unsafe class OnlineMoves(OnlineRecords records, ModelShape shape, FeatureLayout layout, Scales scales)
{
    /// <summary>Features that are asked for before they are needed.</summary>
    const int FeaturesAhead = 16;

    // Of the shard at hand: wᵢ of each row that counts, 0 of the others; and Σ w|x| of what is not held sparse, the intercepts last.
    readonly double[] _headSizes = new double[layout.SparseFirst + 1];
    readonly float[] _dense = new float[layout.DenseStride];
    double[] _rowWeights = [];
    double[] _sizes = [];
    bool _allCountOnce;
    int _stepCount;

    /// <param name="start">Where the pass began, [D + 1][K], and behind it enough to load whole vectors.</param>
    /// <param name="stepCount">Batches of the pass.</param>
    public void AddTo(EvaluationSums sums, Shard shard, double[] start, int stepCount)
    {
        _stepCount = stepCount;
        Weigh(shard);
        fixed (double* first = start)
        {
            for (var d = 0; d < layout.SparseFirst; d++) AddTo(sums, first, d, [0], [], _headSizes[d]);
            AddTo(sums, first, layout.FeatureCount, [0], [], _headSizes[^1]);
            foreach (var group in shard.Sparse.Groups) AddTo(sums, first, shard.Sparse, group);
        }
    }

    void Weigh(Shard shard)
    {
        if (_rowWeights.Length < shard.RowCount) _rowWeights = new double[shard.RowCount];
        Array.Clear(_headSizes);
        _allCountOnce = true;
        for (var row = 0; row < shard.RowCount; row++)
        {
            var weight = _rowWeights[row] = shard.Labels[row] < 0 ? 0 : shard.WeightOf(row);
            _allCountOnce &= weight == 1;
            if (weight == 0) continue;
            _headSizes[^1] += weight;
            if (layout.SparseFirst > 0) WeighHead(shard, row, weight);
        }
    }

    void WeighHead(Shard shard, int row, double weight)
    {
        var dense = shard.Dense.Read(row, _dense);
        for (var d = 0; d < layout.DenseCount; d++) _headSizes[d] += weight * Math.Abs(dense[d]);
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row])) _headSizes[feature] += weight;
        }
    }

    void AddTo(EvaluationSums sums, double* start, SparseColumns columns, SparseGroup group)
    {
        var first = layout.SparseFirst + group.Panel * SparseColumns.PanelFeatures;
        var features = columns.Features.AsSpan(group.FirstFeature, group.FeatureCount);
        var isCount = _allCountOnce && !group.HasValues;
        AddTo(sums, start, first, features, isCount ? [] : SizesOf(columns, group), group.RunLength);
    }

    /// <summary>Σ w|x| of the features of a group.</summary>
    ReadOnlySpan<double> SizesOf(SparseColumns columns, SparseGroup group)
    {
        if (_sizes.Length < group.FeatureCount) _sizes = new double[group.FeatureCount];
        for (var feature = 0; feature < group.FeatureCount; feature++)
        {
            ref var size = ref _sizes[feature];
            size = 0;
            for (var i = feature * group.RunLength; i < (feature + 1) * group.RunLength; i++)
                size += _rowWeights[columns.Rows[group.FirstRow + i]] * (group.HasValues ? Math.Abs(columns.Values[group.FirstValue + i]) : 1);
        }
        return _sizes.AsSpan(0, group.FeatureCount);
    }

    /// <summary>Of some features; of one that made no step there is nothing.</summary>
    /// <param name="offsets">Of the features, from <paramref name="first"/> on.</param>
    /// <param name="sizes">Their Σ w|x|; empty where all have <paramref name="commonSize"/>.</param>
    [MethodImpl(Compilation.Full)]
    void AddTo(EvaluationSums sums, double* start, int first, ReadOnlySpan<ushort> offsets, ReadOnlySpan<double> sizes, double commonSize)
    {
        var (lines, lanes, classCount, stepCount) = (records.Lines, records.LaneCount, (nint)shape.ClassCount, _stepCount);
        var mask = records.Mask;
        var (batches, isFinite) = (Vector256.Create((double)(stepCount - stepCount / 2)), true);
        var (scaleOf, intercept) = (scales.Features, scales.Intercept);
        fixed (long* moves = sums.Moves)
        {
            var end = moves + sums.Moves.Length;
            for (var i = 0; i < offsets.Length; i++)
            {
                if (i + FeaturesAhead < offsets.Length) Fetch(lines, start, moves, first + offsets[i + FeaturesAhead]);
                var feature = first + offsets[i];
                double* weights = lines.At(feature), own = start + feature * classCount;
                var last = lines.MarksOf(weights)->LastBatch;
                if (last > 0)
                {
                    var scale = (feature < scaleOf.Length ? scaleOf[feature] : intercept) * (1 / OnlinePass.MoveMax);
                    var size = Vector256.Create(sizes.IsEmpty ? commonSize : sizes[i]);
                    var held = Vector256.Create((double)(stepCount + 1 - Math.Max(last, stepCount / 2 + 1)));
                    for (var lane = 0; lane < lanes; lane += 4)
                    {
                        var mean = Vector256.FusedMultiplyAdd(Vector256.Load(weights + lane), held, Vector256.Load(weights + lanes + lane)) / batches;
                        var moved = (mean - Vector256.Load(own + lane)) & Vector256.Load(mask + lane);
                        isFinite &= Vector256.EqualsAll(moved, moved);
                        Add(moved, size, scale, moves + feature * classCount + lane, end);
                    }
                }
                lines.Reset(weights, own, mask, lanes);
            }
        }
        if (!isFinite) sums.NonFinite = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Fetch(OnlineLines lines, double* start, long* moves, int feature)
    {
        lines.Fetch(feature);
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(start + (nint)feature * shape.ClassCount);
        Sse.Prefetch0(moves + (nint)feature * shape.ClassCount);
    }

    /// <param name="target">The sums of the first of these moves; what is beyond K adds 0.</param>
    /// <param name="end">Behind the last sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<double> moved, Vector256<double> size, double scale, long* target, long* end)
    {
        var cut = Vector256.ClampNative(moved, Vector256.Create(-OnlinePass.MoveMax), Vector256.Create(OnlinePass.MoveMax));
        var rounded = FixedPoint.Round(size * cut * Vector256.Create(scale));
        if (target + Vector256<long>.Count <= end) (Vector256.Load(target) + rounded).Store(target);
        else for (var i = 0; target + i < end; i++) target[i] += rounded[i];
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
            for (var d = 0; d < layout.SparseFirst; d++) AddTo(sums, first, d, _headSizes[d]);
            AddTo(sums, first, layout.FeatureCount, _headSizes[^1]);
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

    [MethodImpl(Compilation.Full)]
    void AddTo(EvaluationSums sums, double* start, SparseColumns columns, SparseGroup group)
    {
        var first = layout.SparseFirst + group.Panel * SparseColumns.PanelFeatures;
        var features = columns.Features.AsSpan(group.FirstFeature, group.FeatureCount);
        for (var i = 0; i < features.Length; i++)
        {
            if (i + FeaturesAhead < features.Length) records.Fetch(first + features[i + FeaturesAhead]);
            AddTo(sums, start, first + features[i], SizeOf(columns, group, i));
        }
    }

    /// <summary>Σ w|x| of a feature of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    double SizeOf(SparseColumns columns, SparseGroup group, int index) =>
        _allCountOnce && !group.HasValues ? group.RunLength : WeighedSizeOf(columns, group, index);

    double WeighedSizeOf(SparseColumns columns, SparseGroup group, int index)
    {
        var size = 0.0;
        for (var i = index * group.RunLength; i < (index + 1) * group.RunLength; i++)
            size += _rowWeights[columns.Rows[group.FirstRow + i]] * (group.HasValues ? Math.Abs(columns.Values[group.FirstValue + i]) : 1);
        return size;
    }

    /// <summary>Of one feature; of one that made no step there is nothing.</summary>
    /// <param name="size">Its Σ w|x|.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void AddTo(EvaluationSums sums, double* start, int feature, double size)
    {
        var last = records.MarksOf(feature).LastBatch;
        if (last > 0)
        {
            var scale = (feature < shape.FeatureCount ? scales.Features[feature] : scales.Intercept) / OnlinePass.MoveMax;
            var held = Vector256.Create((double)(_stepCount + 1 - Math.Max(last, _stepCount / 2 + 1)));
            var batches = Vector256.Create((double)(_stepCount - _stepCount / 2));
            var own = start + (nint)feature * shape.ClassCount;
            for (var lane = 0; lane < records.LaneCount; lane += 4)
            {
                var mean = Vector256.FusedMultiplyAdd(Vector256.Load(records.WeightsOf(feature) + lane), held, Vector256.Load(records.MeansOf(feature) + lane)) / batches;
                var moves = (mean - Vector256.Load(own + lane)) & Vector256.Load(records.Mask + lane);
                if (!Vector256.EqualsAll(moves, moves)) sums.NonFinite = true;
                else Add(moves, size, scale, sums.Moves.AsSpan(feature * shape.ClassCount + lane));
            }
        }
        records.Reset(feature, start + (nint)feature * shape.ClassCount);
    }

    /// <param name="target">The sums of the first of these moves, and all behind it; what is beyond K adds 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<double> moves, double size, double scale, Span<long> target)
    {
        var cut = Vector256.ClampNative(moves, Vector256.Create(-OnlinePass.MoveMax), Vector256.Create(OnlinePass.MoveMax));
        var rounded = FixedPoint.Round(Vector256.Create(size) * cut * Vector256.Create(scale));
        if (target.Length >= Vector256<long>.Count) (Vector256.Create<long>(target) + rounded).CopyTo(target);
        else for (var i = 0; i < target.Length; i++) target[i] += rounded[i];
    }
}

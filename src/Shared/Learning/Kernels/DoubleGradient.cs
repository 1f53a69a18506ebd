using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The closing pass's gradient: doubles over a block, or over 4,096 nonzeros of a sparse column, then exact integers.</summary>
/// <remarks>Residuals v·(p − q) of a row stand in lanes of their own (<see cref="DoubleLanes"/>).</remarks>
sealed unsafe class DoubleGradient(ModelShape shape, FeatureLayout layout, Scales scales)
{
    readonly int _freeClasses = shape.FreeClassCount;
    readonly int _lanes = DoubleLanes.CountOf(shape.ClassCount);
    readonly double[] _run = new double[DoubleLanes.CountOf(shape.ClassCount)];

    // Of the block; made when a gradient is first asked for. Dense columns [K − 1][stride]; the features of coded columns and, as the last
    // one, the intercept [features + 1][lanes].
    AlignedMemory<double>? _dense;
    double[] _coded = [];

    public void Clear()
    {
        _dense ??= new AlignedMemory<double>(checked(_freeClasses * layout.DenseStride));
        if (_coded.Length == 0) _coded = new double[checked((layout.SparseFirst - layout.DenseCount + 1) * _lanes)];
        _dense.Span.Clear();
        Array.Clear(_coded);
    }

    /// <summary>Adds residuals times features of a tile's rows, row after row.</summary>
    public void Add(Shard shard, DoubleTile tile)
    {
        if (tile.Count == 0) return;

        if (layout.DenseCount > 0) AddDense(shard.Dense, tile);
        fixed (double* coded = _coded)
        {
            for (var i = 0; i < tile.Count; i++) AddCoded(shard, tile.RowAt(i), tile.LanesAt(i), coded);
        }
    }

    void AddDense(DenseRows rows, DoubleTile tile)
    {
        fixed (float* first = rows.Elements())
        {
            if (rows.Format == DenseFormat.Full) tile.AddDenseGradient<Float32Values>((byte*)first, rows.Stride, _freeClasses, _dense!.First);
            else tile.AddDenseGradient<Bf16Values>((byte*)first, rows.Stride, _freeClasses, _dense!.First);
        }
    }

    /// <summary>Rounds the block's dense and coded columns and intercepts.</summary>
    [MethodImpl(Compilation.Full)]
    public void AddTo(long[] gradient)
    {
        for (var d = 0; d < layout.DenseCount; d++)
        {
            for (var c = 0; c < _freeClasses; c++)
                gradient[d * _freeClasses + c] += FixedPoint.Round(_dense!.First[c * layout.DenseStride + d] * scales.Features[d]);
        }
        for (var d = layout.DenseCount; d < layout.SparseFirst; d++) Round(CodedOf(d), d, scales.Features[d], gradient);
        Round(CodedOf(layout.SparseFirst), layout.FeatureCount, scales.Intercept, gradient);
    }

    /// <summary>Adds the sparse columns' gradient.</summary>
    /// <param name="residuals">Of all rows of the shard, [rows][lanes].</param>
    [MethodImpl(Compilation.Full)]
    public void AddSparse(Shard shard, double* residuals, long[] gradient)
    {
        foreach (var run in new SparseRuns(shard.Sparse))
        {
            var feature = layout.SparseFirst + run.Feature;
            for (var start = 0; start < run.Rows.Length; start += Shard.BlockRows)
            {
                for (var lane = 0; lane < _lanes; lane += Vector256<double>.Count)
                    SumOf(run, start, residuals + lane).CopyTo(_run, lane);
                Round(_run, feature, scales.Features[feature], gradient);
            }
        }
    }

    /// <summary>Four lanes' sum over a block of nonzeros.</summary>
    [MethodImpl(Compilation.Full)]
    Vector256<double> SumOf(SparseRun run, int start, double* residuals)
    {
        var sum = Vector256<double>.Zero;
        for (var i = start; i < Math.Min(start + Shard.BlockRows, run.Rows.Length); i++)
        {
            var residual = Vector256.Load(residuals + (nint)run.Rows[i] * _lanes);
            sum = Vector256.FusedMultiplyAdd(Vector256.Create((double)run.ValueAt(i)), residual, sum);
        }
        return sum;
    }

    [MethodImpl(Compilation.Full)]
    void AddCoded(Shard shard, int row, double* residuals, double* coded)
    {
        DoubleLanes.Add(residuals, 1, coded + (nint)(layout.SparseFirst - layout.DenseCount) * _lanes, _lanes);
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row]))
                DoubleLanes.Add(residuals, 1, coded + (nint)(feature - layout.DenseCount) * _lanes, _lanes);
        }
    }

    ReadOnlySpan<double> CodedOf(int feature) => _coded.AsSpan((feature - layout.DenseCount) * _lanes, _lanes);

    /// <param name="lanes">All classes' sums; class 0's is not kept.</param>
    void Round(ReadOnlySpan<double> lanes, int feature, double scale, long[] gradient)
    {
        for (var c = 0; c < _freeClasses; c++) gradient[feature * _freeClasses + c] += FixedPoint.Round(lanes[c + 1] * scale);
    }
}

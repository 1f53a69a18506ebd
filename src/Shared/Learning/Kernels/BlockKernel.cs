using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// One block of rows: logits of dense and coded columns, softmax, residuals, and the block's sums, all in one pass of 32-row steps.
/// </summary>
/// <remarks>
/// Inside a step, logits and then residuals lie class by class, [lanes][32], row j of quarter q at [8q + j]. What comes from tables (coded
/// and sparse columns) is added row by row, [32][Width], and transposed.
/// </remarks>
sealed unsafe class BlockKernel<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    const int StepRows = BlockRows.StepRows;

    /// <summary>Steps from the one at hand to the one whose rows are asked for: they have the time of a step to arrive.</summary>
    const int StepsAhead = 2;

    const int FoldSteps = BlockSums.FloatRun / StepRows;

    readonly ModelShape _shape;
    readonly float _smoothing;
    readonly FeatureLayout _layout;
    readonly LaneLayout _lanes;
    readonly BlockRows _rows;
    readonly CodedBuckets<TLanes> _coded;
    readonly BlockSums _sums;
    readonly AlignedMemory<float> _logits;
    readonly AlignedMemory<float> _tableRows = new(StepRows * TLanes.Width);
    readonly AlignedMemory<float> _tableClasses = new(8 * TLanes.Width);
    AlignedMemory<byte> _fewRows = new(0);
    byte* _denseRows;
    nint _quarterBytes;
    RowsAhead _ahead;

    public BlockKernel(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
    {
        (_shape, _layout, _lanes) = (shape, layout, new LaneLayout(shape.ClassCount));
        _smoothing = (float)targets.LabelSmoothing;
        _rows = new BlockRows(layout.Coded.Length, targets);
        _coded = new CodedBuckets<TLanes>(layout, _lanes, scales);
        _sums = new BlockSums(shape, layout, scales);
        _logits = new AlignedMemory<float>(_lanes.LaneCount * StepRows);
    }

    /// <summary>Adds the sums of the block that starts at row <paramref name="first"/>, the sparse columns' gradient apart.</summary>
    /// <param name="sparseRows">
    /// The sparse columns' part of the shard's logits, [groups][rows][Width], replaced by the residuals; null where there are none.
    /// </param>
    public void Evaluate(FloatTables point, Shard shard, int first, float* sparseRows, EvaluationSums sums)
    {
        _rows.Open(shard, first);
        _sums.Clear();
        _coded.Clear();
        fixed (float* dense = shard.Dense.Elements(), intercepts = point.Intercepts)
        {
            for (var step = 0; step < _rows.StepCount; step++)
            {
                Step(point, shard, step, (byte*)dense, intercepts, sparseRows);
                if ((step + 1) % FoldSteps == 0 || step + 1 == _rows.StepCount) _sums.Fold();
            }
        }
        if (_sums.AddTo(sums, _rows)) _coded.AddTo(sums.Gradient);
    }

    [MethodImpl(Compilation.Full)]
    void Step(FloatTables point, Shard shard, int step, byte* dense, float* intercepts, float* sparseRows)
    {
        var hasDense = _layout.DenseCount > 0;
        var hasTables = _coded.ColumnCount > 0 || sparseRows is not null;
        if (hasDense)
        {
            FindDenseRows(dense, shard.Dense.RowBytes, step);
            if (shard.Dense.Format == DenseFormat.Full) LogitsOfDense<Float32Values>(point);
            else LogitsOfDense<Bf16Values>(point);
        }
        else if (!hasTables)
        {
            _logits.Span.Clear();
        }
        if (hasTables) AddTableLogits(point, shard, step, sparseRows);

        Softmax(step, intercepts);

        if (hasDense)
        {
            if (shard.Dense.Format == DenseFormat.Full) AddDenseGradient<Float32Values>();
            else AddDenseGradient<Bf16Values>();
        }
        if (hasTables) SpreadResiduals(shard, step, sparseRows);
    }

    void LogitsOfDense<TValues>(FloatTables point) where TValues : struct, IDenseValues => DenseLogits<TValues>.Compute(
        _denseRows, _quarterBytes, _layout.DenseStride, point.Dense.First, _shape.FreeClassCount, _logits.First, in _ahead);

    void AddDenseGradient<TValues>() where TValues : struct, IDenseValues => DenseGradient<TValues>.Add(
        _denseRows, _quarterBytes, _layout.DenseStride, _logits.First, _shape.FreeClassCount, _sums.Dense, in _ahead);

    void Softmax(int step, float* intercepts)
    {
        var classes = _shape.FreeClassCount;
        var labels = _rows.Labels + StepRows * step;
        var weights = _rows.Weights + StepRows * step;
        var losses = _smoothing != 0
            ? SoftmaxLanes.ToSmoothedResiduals(_logits.First, classes, intercepts, labels, weights, _smoothing, _sums.Intercepts)
            : _rows.AreOnes(step)
                ? SoftmaxLanes.ToResiduals<AllOnes>(_logits.First, classes, intercepts, labels, weights, _sums.Intercepts)
                : SoftmaxLanes.ToResiduals<AnyWeights>(_logits.First, classes, intercepts, labels, weights, _sums.Intercepts);
        _sums.AddLosses(losses);
    }

    /// <summary>Points at the step's rows where they lie, or at copies: those of slots past the last row, whose weight is 0, of the last row.</summary>
    void FindDenseRows(byte* dense, nint rowBytes, int step)
    {
        if (_rows.IsFull(step))
        {
            _denseRows = dense + _rows.RowOf(step, 0) * rowBytes;
            _quarterBytes = _rows.QuarterRows * rowBytes;
            // Past the end of a full block follow the rows of the next block.
            var isNextBlock = step + StepsAhead >= _rows.StepCount;
            _ahead = new RowsAhead(8 * StepsAhead * rowBytes + (isNextBlock ? 3 * _quarterBytes : 0), _quarterBytes);
            return;
        }

        _fewRows = _fewRows.AtLeast(checked(StepRows * (int)rowBytes));
        _denseRows = _fewRows.First;
        _quarterBytes = 8 * rowBytes;
        _ahead = default;
        var last = _rows.First + _rows.Count - 1;
        for (var slot = 0; slot < StepRows; slot++)
        {
            var row = Math.Min(_rows.RowOf(step, slot / 8) + slot % 8, last);
            Unsafe.CopyBlockUnaligned(_denseRows + slot * rowBytes, dense + row * rowBytes, (uint)rowBytes);
        }
    }

    /// <summary>Adds what coded and sparse columns give, one group of classes after the other.</summary>
    void AddTableLogits(FloatTables point, Shard shard, int step, float* sparseRows)
    {
        for (var group = 0; group < _lanes.GroupCount; group++)
        {
            // First all quarters' rows, then all transpositions: narrow stores have left the store buffer by the time of the wide loads.
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var rows = TableRows(quarter);
                if (sparseRows is not null) CopyFromSparse(shard, step, quarter, group, sparseRows, rows);
                else new Span<float>(rows, 8 * TLanes.Width).Clear();
                if (_coded.ColumnCount > 0) _coded.AddWeights(point, _rows, StepRows * step + 8 * quarter, group, rows);
            }
            for (var quarter = 0; quarter < 4; quarter++) AddToClasses(group, quarter);
        }
    }

    void AddToClasses(int group, int quarter)
    {
        var logits = _logits.First + (nint)group * TLanes.Width * StepRows + 8 * quarter;
        if (_layout.DenseCount == 0)
        {
            TLanes.RowsToClasses(TableRows(quarter), logits, StepRows);
            return;
        }

        TLanes.RowsToClasses(TableRows(quarter), _tableClasses.First, 8);
        for (var lane = 0; lane < TLanes.Width; lane++)
            (Vector256.Load(logits + lane * StepRows) + Vector256.Load(_tableClasses.First + 8 * lane)).Store(logits + lane * StepRows);
    }

    /// <summary>Residuals on to the buckets of coded columns, and into the rows from which sparse columns gather.</summary>
    void SpreadResiduals(Shard shard, int step, float* sparseRows)
    {
        for (var group = 0; group < _lanes.GroupCount; group++)
        {
            for (var quarter = 0; quarter < 4; quarter++)
                TLanes.ClassesToRows(_logits.First + (nint)group * TLanes.Width * StepRows + 8 * quarter, StepRows, TableRows(quarter));

            for (var quarter = 0; quarter < 4; quarter++)
            {
                if (_coded.ColumnCount > 0) _coded.AddResiduals(_rows, StepRows * step + 8 * quarter, group, TableRows(quarter));
                if (sparseRows is not null) CopyToSparse(shard, step, quarter, group, sparseRows);
            }
        }
    }

    void CopyFromSparse(Shard shard, int step, int quarter, int group, float* sparseRows, float* rows)
    {
        var count = _rows.CountOf(step, quarter);
        if (count == 8)
        {
            CopyEight(SparseRows(shard, step, quarter, group, sparseRows), rows);
            return;
        }
        var eight = new Span<float>(rows, 8 * TLanes.Width);
        eight.Clear();
        if (count > 0) new Span<float>(SparseRows(shard, step, quarter, group, sparseRows), count * TLanes.Width).CopyTo(eight);
    }

    void CopyToSparse(Shard shard, int step, int quarter, int group, float* sparseRows)
    {
        var count = _rows.CountOf(step, quarter);
        if (count == 0) return;

        var rows = SparseRows(shard, step, quarter, group, sparseRows);
        if (count == 8) CopyEight(TableRows(quarter), rows);
        else new Span<float>(TableRows(quarter), count * TLanes.Width).CopyTo(new Span<float>(rows, count * TLanes.Width));
    }

    /// <summary>Eight rows of lanes: as many bytes as the compiler knows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyEight(float* from, float* to) => Unsafe.CopyBlockUnaligned(to, from, (uint)(8 * TLanes.Width * sizeof(float)));

    float* SparseRows(Shard shard, int step, int quarter, int group, float* sparseRows) =>
        sparseRows + ((nint)group * shard.RowCount + _rows.RowOf(step, quarter)) * TLanes.Width;

    float* TableRows(int quarter) => _tableRows.First + 8 * TLanes.Width * quarter;
}

using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The kernel of the closing pass, of the certificate's entropies, of metrics and of calibration: doubles, all K classes, four rows at a
/// time. The same blocks as the float kernel's, the same exact sums.
/// </summary>
sealed unsafe class DoubleKernel(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
{
    readonly int _lanes = DoubleLanes.CountOf(shape.ClassCount);
    readonly DoubleGradient _gradient = new(shape, layout, scales);
    readonly DoubleMetrics _metrics = new(shape, scales, targets);
    readonly DoubleTile _tile = new();
    readonly DoubleTile _counted = new();
    readonly TileSoftmax _softmax = new(shape.ClassCount);
    readonly double[] _probabilities = new double[shape.ClassCount];

    // Logits, then residuals: of all rows where the shard has sparse columns, else of a tile's.
    AlignedMemory<double> _rows = new(DoubleTile.RowsMax * DoubleLanes.CountOf(shape.ClassCount));

    // Where probabilities are kept that the closing pass finds; null where they are not.
    ClosedRows? _closed;

    public void Evaluate(EvaluationRequest request, EvaluationPoint point, Shard shard, EvaluationSums sums)
    {
        if (request.Mix is { } mix && point.ClosedRowsOf(shard) is { } closed)
        {
            AddEntropies(mix, closed, shard, sums);
            return;
        }
        _closed = request.Kind is EvaluationKind.Closing ? point.RoomFor(shard) : null;
        EvaluateRows(request, point, shard, sums);
        if (_closed is not null && !sums.NonFinite) point.Keep(shard, _closed);
        _closed = null;
    }

    void EvaluateRows(EvaluationRequest request, EvaluationPoint point, Shard shard, EvaluationSums sums)
    {
        var hasSparse = !shard.Sparse.IsEmpty;
        if (hasSparse)
        {
            _rows = _rows.AtLeast(checked(shard.RowCount * _lanes));
            _rows.Span[..(shard.RowCount * _lanes)].Clear();
            DoubleLogits.AddSparse(point.Doubles, layout, shape.ClassCount, shard.Sparse, _rows.First);
        }
        for (var first = 0; first < shard.RowCount; first += Shard.BlockRows)
            EvaluateBlock(request, point, shard, first, Math.Min(first + Shard.BlockRows, shard.RowCount), sums);
        if (hasSparse && request.Kind.HasGradient() && !sums.NonFinite) _gradient.AddSparse(shard, _rows.First, sums.Gradient);
    }

    [MethodImpl(Compilation.Full)]
    void EvaluateBlock(EvaluationRequest request, EvaluationPoint point, Shard shard, int first, int end, EvaluationSums sums)
    {
        var scalars = default(BlockScalars);
        if (request.Kind.HasGradient()) _gradient.Clear();
        for (var row = first; row < end; row++)
        {
            var weight = Count(shard, row, sums);
            scalars.Weight += weight;
            if (weight > 0) Take(shard, row);
            else if (!shard.Sparse.IsEmpty) LanesOf(row).Clear();
            if (_tile.IsFull || row == end - 1) EvaluateTile(request, point, shard, sums, ref scalars);
        }
        if (_closed is not null) _closed.LossOf(first) = scalars.Loss;
        if (scalars.AddTo(sums, scales) && request.Kind.HasGradient()) _gradient.AddTo(sums.Gradient);
    }

    /// <summary>The entropy pass over rows whose probabilities are known: the same sums, row by row in the same order.</summary>
    void AddEntropies(CertificateMix mix, ClosedRows closed, Shard shard, EvaluationSums sums)
    {
        for (var first = 0; first < shard.RowCount; first += Shard.BlockRows)
            AddEntropies(mix, closed, shard, first, Math.Min(first + Shard.BlockRows, shard.RowCount), sums);
    }

    [MethodImpl(Compilation.Full)]
    void AddEntropies(CertificateMix mix, ClosedRows closed, Shard shard, int first, int end, EvaluationSums sums)
    {
        var scalars = new BlockScalars { Loss = closed.LossOf(first) };
        for (var row = first; row < end; row++)
        {
            var (label, weight) = (shard.Labels[row], Count(shard, row, sums));
            scalars.Weight += weight;
            if (weight == 0 || label < 0) continue;

            closed.ProbabilitiesOf(row).CopyTo(_probabilities);
            AddEntropy(mix, label, weight * targets.ClassWeightOf(label), ref scalars);
        }
        scalars.AddTo(sums, scales);
    }

    /// <summary>Of the row whose probabilities were taken last; they are used up.</summary>
    void AddEntropy(CertificateMix mix, int label, double trainingWeight, ref BlockScalars scalars)
    {
        scalars.TrainingWeight += trainingWeight;
        scalars.Entropy += trainingWeight * DoubleSoftmax.Entropy(_probabilities, label, targets, mix);
    }

    void Take(Shard shard, int row)
    {
        if (shard.Sparse.IsEmpty) LanesOf(_tile.Count).Clear();
        _tile.Add(row, _rows.First + (nint)(shard.Sparse.IsEmpty ? _tile.Count : row) * _lanes);
    }

    Span<double> LanesOf(int place) => new(_rows.First + (nint)place * _lanes, _lanes);

    [MethodImpl(Compilation.Full)]
    void EvaluateTile(EvaluationRequest request, EvaluationPoint point, Shard shard, EvaluationSums sums, ref BlockScalars scalars)
    {
        if (_tile.Count == 0) return;

        DoubleLogits.AddRows(point.Doubles, layout, shape.ClassCount, shard, _tile);
        if (request.Kind.HasObjective()) _softmax.Take(_tile);
        for (var i = 0; i < _tile.Count; i++)
        {
            var lanes = new Span<double>(_tile.LanesAt(i), _lanes);
            if (EvaluateRow(request, shard, i, lanes, sums, ref scalars)) _counted.Add(_tile.RowAt(i), _tile.LanesAt(i));
            else lanes.Clear();
        }
        if (request.Kind.HasGradient()) _gradient.Add(shard, _counted);
        _counted.Clear();
        _tile.Clear();
    }

    /// <summary>Adds a row of weight above 0. False where it has no residuals: its class takes no part, or none are asked for.</summary>
    /// <param name="index">Its place in the tile.</param>
    /// <param name="lanes">Its logits, replaced by the residuals.</param>
    [MethodImpl(Compilation.Full)]
    bool EvaluateRow(
        EvaluationRequest request, Shard shard, int index, Span<double> lanes, EvaluationSums sums, ref BlockScalars scalars)
    {
        var row = _tile.RowAt(index);
        var (label, weight) = (shard.Labels[row], shard.WeightOf(row));
        var logits = lanes[..shape.ClassCount];
        if (label < 0 || !request.Kind.HasObjective())
        {
            if (request.Kind.HasMetrics()) _metrics.Add(request, label, weight, logits, sums);
            return false;
        }

        var trainingWeight = weight * targets.ClassWeightOf(label);
        scalars.Loss += trainingWeight * Predict(request, index, label, weight, logits, sums);
        if (request.Mix is { } mix)
        {
            AddEntropy(mix, label, trainingWeight, ref scalars);
            return false;
        }

        scalars.TrainingWeight += trainingWeight;
        if (!request.Kind.HasGradient()) return false;

        if (_closed is not null) _probabilities.CopyTo(_closed.ProbabilitiesOf(row));
        ToResiduals(label, trainingWeight, logits);
        return true;
    }

    /// <summary>Takes the row's probabilities, and adds its metrics where they are asked for. Gives the loss that training minimises.</summary>
    [MethodImpl(Compilation.Full)]
    double Predict(EvaluationRequest request, int index, int label, double weight, ReadOnlySpan<double> logits, EvaluationSums sums)
    {
        _softmax.ProbabilitiesOf(index).CopyTo(_probabilities);
        var belowMax = logits[DoubleSoftmax.Largest(logits)] - logits[label];
        var logSum = _softmax.LogSumOf(index);
        if (request.Kind.HasMetrics())
        {
            if (_metrics.AreOfTraining(request)) _metrics.Add(request, label, weight, logits, _probabilities, logSum + belowMax, sums);
            else _metrics.Add(request, label, weight, logits, sums);
        }
        return logSum + (targets.LabelSmoothing > 0 ? DoubleSoftmax.BelowSmoothed(belowMax, logits, targets.LabelSmoothing) : belowMax);
    }

    /// <summary>v·(p − q) of the row whose probabilities were made last.</summary>
    void ToResiduals(int label, double trainingWeight, Span<double> residuals)
    {
        var share = targets.LabelSmoothing / residuals.Length;
        _probabilities[label] -= 1 - targets.LabelSmoothing;
        for (var k = 0; k < residuals.Length; k++) residuals[k] = (_probabilities[k] - share) * trainingWeight;
    }

    /// <summary>The row's weight, counted.</summary>
    static float Count(Shard shard, int row, EvaluationSums sums)
    {
        var weight = shard.WeightOf(row);
        if (weight == 0) return 0;

        sums.RowCount++;
        if (shard.Labels[row] < 0) sums.ImpossibleRowCount++;
        return weight;
    }
}

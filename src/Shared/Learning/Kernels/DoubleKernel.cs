using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The kernel of the closing pass, of the certificate's entropies, of metrics and of calibration: doubles, all K classes, rows one after
/// the other. Slower and simpler than the float kernel; the same blocks, the same exact sums.
/// </summary>
sealed class DoubleKernel(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
{
    readonly DoubleGradient _gradient = new(shape, layout, scales, targets);
    readonly DoubleMetrics _metrics = new(shape, scales, targets);
    double[] _logits = [];

    public void Evaluate(EvaluationRequest request, EvaluationPoint point, Shard shard, EvaluationSums sums)
    {
        var classes = shape.ClassCount;
        var hasSparse = !shard.Sparse.IsEmpty;
        var rows = hasSparse ? shard.RowCount : Math.Min(shard.RowCount, Shard.BlockRows);
        var logitCount = checked(rows * classes);
        if (_logits.Length < logitCount) _logits = new double[logitCount];
        Array.Clear(_logits, 0, logitCount);
        if (hasSparse) DoubleLogits.AddSparse(point.Doubles, layout, classes, shard.Sparse, _logits);

        for (var first = 0; first < shard.RowCount; first += Shard.BlockRows)
        {
            var count = Math.Min(Shard.BlockRows, shard.RowCount - first);
            var logits = _logits.AsSpan((hasSparse ? first : 0) * classes, count * classes);
            if (!hasSparse) logits.Clear();
            EvaluateBlock(request, point, shard, first, logits, sums);
        }
        if (hasSparse && request.Kind.HasGradient() && !sums.NonFinite) _gradient.AddSparse(shard, _logits, sums.Gradient);
    }

    /// <param name="logits">The block's rows, [rows][K]: the sparse columns' part, replaced by the residuals.</param>
    void EvaluateBlock(EvaluationRequest request, EvaluationPoint point, Shard shard, int first, Span<double> logits, EvaluationSums sums)
    {
        var classes = shape.ClassCount;
        var scalars = default(BlockScalars);
        _gradient.Clear(request.Kind);
        for (var row = first; row < first + logits.Length / classes; row++)
        {
            var z = logits.Slice((row - first) * classes, classes);
            var (w, label) = (Count(shard, row, sums), shard.Labels[row]);
            scalars.Weight += w;
            if (w > 0) DoubleLogits.AddRow(point.Doubles, layout, shard, row, z);
            if (w > 0 && request.Kind.HasMetrics()) _metrics.Add(request, label, w, z, sums);
            if (w > 0 && label >= 0 && request.Kind.HasObjective()) AddRow(request, shard, row, w, z, ref scalars);
            else z.Clear();
        }
        if (scalars.AddTo(sums, scales) && request.Kind.HasGradient()) _gradient.AddTo(sums.Gradient);
    }

    /// <summary>Adds to the objective a row whose class takes part.</summary>
    /// <param name="z">Its logits, replaced by the residuals where there is a gradient, by probabilities elsewhere.</param>
    void AddRow(EvaluationRequest request, Shard shard, int row, float w, Span<double> z, ref BlockScalars scalars)
    {
        var v = w * targets.ClassWeightOf(shard.Labels[row]);
        scalars.TrainingWeight += v;
        scalars.Loss += v * LossOf(shard.Labels[row], z);
        if (request.Mix is { } mix) scalars.Entropy += v * DoubleSoftmax.Entropy(z, shard.Labels[row], targets, mix);
        if (request.Kind.HasGradient()) _gradient.Add(shard, row, v, z);
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

    /// <summary>The row's loss; turns its logits into probabilities.</summary>
    double LossOf(int label, Span<double> logits)
    {
        var belowMax = logits[DoubleSoftmax.Largest(logits)] - logits[label];
        if (targets.LabelSmoothing > 0) belowMax = DoubleSoftmax.BelowSmoothed(belowMax, logits, targets.LabelSmoothing);
        return DoubleSoftmax.ToProbabilities(logits) + belowMax;
    }
}

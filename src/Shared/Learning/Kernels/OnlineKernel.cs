using DistTrain.Data.Storage;
using DistTrain.Learning.Online;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// One sequential pass over a shard: a step after every few rows, adapted to each feature, from the point of the request.
/// </summary>
/// <remarks>
/// After the rows of a small batch, with ḡ = Σ vᵢ(pᵢ − qᵢ)xᵢd / Σ vᵢ over them, each feature d that occurred in them makes the step
///   G_d += ‖ḡ‖²,   η_d = η / (r_d·√G_d),   w ← soft(w − η_d·ḡ, τ·η_d·λ₁,d) / (1 + τ·η_d·λ₂,d)
/// over the classes: Adagrad (Duchi, Hazan and Singer, JMLR 12, 2011) with one rate per feature, in units of r_d, the rms of the nonzero
/// values seen so far; penalties in closed form, for the τ batches since the feature's last step at once, so that what does not occur costs
/// nothing. The pass comes to w̄, the mean of w over the second half of its batches (Polyak and Juditsky, SIAM J. Control Optim. 30, 1992),
/// and contributes a_d·(w̄ − w₀), a_d = Σ wᵢ|xᵢd|: the mean of all shards weighs them by what they know of the feature (decision 0008).
/// Everything is double arithmetic in the order of the rows. Owns scratch of the size of the model.
/// </remarks>
sealed class OnlineKernel(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
{
    readonly int _classes = shape.ClassCount;
    readonly OnlineRows _rows = new(layout);
    readonly double[] _residuals = new double[shape.ClassCount];
    readonly OnlineFeatures _features = new(shape);
    EvaluationPoint? _point;
    double[] _start = [];
    double[] _weights = [];
    double[] _means = [];
    int _stepCount;

    /// <summary>Adds what the pass over a shard moved to <see cref="EvaluationSums.Moves"/>.</summary>
    public void Evaluate(OnlinePass pass, EvaluationPoint point, Shard shard, EvaluationSums sums)
    {
        Open(point);
        _rows.Open(shard);
        _features.Clear();
        _stepCount = (shard.RowCount + pass.BatchRows - 1) / pass.BatchRows;
        var (weight, trainingWeight) = (0.0, 0.0);
        for (int first = 0, batch = 1; first < shard.RowCount; first += pass.BatchRows, batch++)
        {
            var batchWeight = 0.0;
            for (var row = first; row < Math.Min(first + pass.BatchRows, shard.RowCount); row++)
            {
                if (shard.WeightOf(row) == 0 || shard.Labels[row] < 0) continue;
                sums.RowCount++;
                weight += shard.WeightOf(row);
                batchWeight += AddRow(shard, row);
            }
            if (batchWeight > 0) Step(pass, batch, batchWeight);
            trainingWeight += batchWeight;
        }
        sums.Weight += FixedPoint.RoundWide(weight, scales.Scalar);
        sums.TrainingWeight += FixedPoint.RoundWide(trainingWeight, scales.Scalar);
        Close(sums);
    }

    /// <summary>Takes up a point; what a pass has moved is moved back when it closes.</summary>
    void Open(EvaluationPoint point)
    {
        if (_point == point) return;
        _start = point.Doubles.Values;
        _weights = [.. _start];
        _means = new double[_start.Length];
        _point = point;
    }

    /// <summary>Adds a row's gradient to the batch; gives its training weight.</summary>
    double AddRow(Shard shard, int row)
    {
        _rows.Take(shard, row);
        var features = _rows.Features;
        var values = _rows.Values;
        Array.Clear(_residuals);
        for (var i = 0; i < features.Length; i++)
            DoubleLogits.Add(_weights.AsSpan(features[i] * _classes, _classes), values[i], _residuals);

        DoubleSoftmax.ToProbabilities(_residuals);
        var label = shard.Labels[row];
        var weight = shard.WeightOf(row) * targets.ClassWeightOf(label);
        _residuals[label] -= 1 - targets.LabelSmoothing;
        for (var k = 0; k < _classes; k++) _residuals[k] = (_residuals[k] - targets.LabelSmoothing / _classes) * weight;
        for (var i = 0; i < features.Length; i++)
        {
            _features.Touch(features[i], values[i], shard.WeightOf(row));
            DoubleLogits.Add(_residuals, values[i], _features.GradientOf(features[i]));
        }
        return weight;
    }

    void Step(OnlinePass pass, int batch, double batchWeight)
    {
        foreach (var feature in _features.OfBatch)
        {
            var gradient = _features.GradientOf(feature);
            for (var k = 0; k < _classes; k++) gradient[k] /= batchWeight;
            var weights = _weights.AsSpan(feature * _classes, _classes);
            var (rate, elapsed) = _features.Adapt(feature, gradient, pass.LearningRate, batch);
            Hold(feature, weights, batch - elapsed, batch);
            var isPenalized = feature < shape.FeatureCount;
            var shrink = isPenalized ? 1 + elapsed * rate * pass.Penalty.L2[feature] : 1;
            var threshold = isPenalized ? elapsed * rate * pass.Penalty.L1[feature] : 0;
            for (var k = 0; k < _classes; k++)
            {
                var moved = weights[k] - rate * gradient[k];
                weights[k] = (threshold == 0 ? moved : Math.Sign(moved) * Math.Max(0, Math.Abs(moved) - threshold)) / shrink;
            }
            gradient.Clear();
        }
        _features.CloseBatch();
    }

    /// <summary>
    /// Adds to the feature's mean the weights that it had from one step to before another, as far as these are of the second half.
    /// </summary>
    void Hold(int feature, ReadOnlySpan<double> weights, int from, int to)
    {
        var count = to - Math.Max(from, _stepCount / 2 + 1);
        if (count > 0) DoubleLogits.Add(weights, count, _means.AsSpan(feature * _classes, _classes));
    }

    /// <summary>Rounds what was moved into the sums, and moves it back.</summary>
    void Close(EvaluationSums sums)
    {
        foreach (var feature in _features.OfShard)
        {
            var scale = (feature < shape.FeatureCount ? scales.Features[feature] : scales.Intercept) / OnlinePass.MoveMax;
            var size = _features.SizeOf(feature);
            Hold(feature, _weights.AsSpan(feature * _classes, _classes), _features.LastOf(feature), _stepCount + 1);
            for (var k = 0; k < _classes; k++)
            {
                var i = feature * _classes + k;
                var move = _means[i] / (_stepCount - _stepCount / 2) - _start[i];
                if (double.IsNaN(move)) sums.NonFinite = true;
                else sums.Moves[i] += FixedPoint.Round(size * Math.Clamp(move, -OnlinePass.MoveMax, OnlinePass.MoveMax) * scale);
                (_weights[i], _means[i]) = (_start[i], 0);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
/// Everything is double arithmetic in the order of the rows, classes side by side in lanes. Owns scratch of the size of the model.
/// </remarks>
sealed unsafe class OnlineKernel
{
    /// <summary>So many nonzeros after the batch that is stepped have been asked for already.</summary>
    const int FeaturesAhead = 32;

    readonly ModelShape _shape;
    readonly FeatureLayout _layout;
    readonly Scales _scales;
    readonly Targets _targets;
    readonly OnlineRows _rows;
    readonly OnlineRecords _records;
    readonly OnlineBatch _batch;
    readonly OnlineMoves _moves;
    readonly AlignedMemory<double> _residuals;

    // Σ x² and the number of the nonzeros seen so far, of features whose values are not all 1.
    AlignedMemory<double> _seen;
    OnlinePass? _pass;

    // 0 where the penalties of the first feature are those of all: among a million features, each would be a miss of its own.
    int _penaltyMask;
    int _seenCount;
    EvaluationPoint? _point;
    int _stepCount;

    public OnlineKernel(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
    {
        (_shape, _layout, _scales, _targets) = (shape, layout, scales, targets);
        (_rows, _records) = (new OnlineRows(layout), new OnlineRecords(shape));
        (_batch, _moves) = (new OnlineBatch(_records), new OnlineMoves(_records, shape, layout, scales));
        _residuals = new AlignedMemory<double>(_records.LaneCount);
        _seen = new AlignedMemory<double>(2 * layout.SparseFirst);
    }

    /// <summary>Adds what the pass over a shard moved to <see cref="EvaluationSums.Moves"/>.</summary>
    public void Evaluate(OnlinePass pass, EvaluationPoint point, Shard shard, EvaluationSums sums)
    {
        Open(pass, point, shard);
        var (weight, trainingWeight) = (0.0, 0.0);
        for (int first = 0, batch = 1; first < shard.RowCount; first += pass.BatchRows, batch++)
        {
            var (batchWeight, end) = (0.0, Math.Min(first + pass.BatchRows, shard.RowCount));
            for (var row = first; row < end; row++)
            {
                if (shard.WeightOf(row) == 0 || shard.Labels[row] < 0) continue;
                sums.RowCount++;
                weight += shard.WeightOf(row);
                batchWeight += AddRow(shard, row);
            }
            if (batchWeight > 0) Step(batch, batchWeight, _rows.FeaturesFrom(end));
            trainingWeight += batchWeight;
        }
        sums.Weight += FixedPoint.RoundWide(weight, _scales.Scalar);
        sums.TrainingWeight += FixedPoint.RoundWide(trainingWeight, _scales.Scalar);
        _moves.AddTo(sums, shard, point.Doubles.Values, _stepCount);
        Forget(shard);
        GC.KeepAlive(this);
    }

    void Open(OnlinePass pass, EvaluationPoint point, Shard shard)
    {
        if (_point != point) _records.Open(point.Doubles.Values);
        if (_pass != pass) _penaltyMask = IsAlike(pass.Penalty.L2) && IsAlike(pass.Penalty.L1) ? 0 : -1;
        (_pass, _point) = (pass, point);
        _rows.Open(shard);
        _batch.Clear();
        _stepCount = (shard.RowCount + pass.BatchRows - 1) / pass.BatchRows;
        _seenCount = _rows.HasValues ? _shape.FeatureCount : _layout.SparseFirst;
        _seen = _seen.AtLeast(checked(2 * _seenCount));
    }

    static bool IsAlike(double[] penalties) => penalties.Length > 0 && !penalties.AsSpan().ContainsAnyExcept(penalties[0]);

    /// <summary>Adds a row's gradient to the batch; gives its training weight.</summary>
    double AddRow(Shard shard, int row)
    {
        var (head, sparse, label) = (_rows.HeadOf(shard, row), _rows.SparseOf(row), shard.Labels[row]);
        _residuals.Span.Clear();
        AddLogits(head);
        AddLogits(sparse);
        var weight = shard.WeightOf(row) * _targets.ClassWeightOf(label);
        ToResiduals(label, weight);
        _batch.MakeRoom(head.Count + sparse.Count);
        See(head);
        if (_rows.HasValues) See(sparse);
        _batch.Add(head, _residuals.First);
        _batch.Add(sparse, _residuals.First);
        return weight;
    }

    /// <summary>residuals += x · w over some nonzeros.</summary>
    [MethodImpl(Compilation.Full)]
    void AddLogits(OnlineNonzeros nonzeros)
    {
        var (lines, count) = (_records.Lines, nonzeros.Count);
        var features = nonzeros.Features;
        var residuals = _residuals.First;
        for (var lane = 0; lane < _records.LaneCount; lane += 4)
        {
            // In two sums: in one, each addition would wait for the one before.
            var (even, odd) = (Vector256.Load(residuals + lane), Vector256<double>.Zero);
            for (var i = 0; i < count; i++)
            {
                var weights = Vector256.Load(lines.At(features[i]) + lane);
                (even, odd) = (odd, Vector256.FusedMultiplyAdd(weights, Vector256.Create(nonzeros.ValueAt(i)), even));
            }
            (even + odd).Store(residuals + lane);
        }
    }

    /// <summary>v(p − q) of the row's logits, in place; 0 in lanes beyond K.</summary>
    [MethodImpl(Compilation.Full)]
    void ToResiduals(int label, double weight)
    {
        double* z = _residuals.First, mask = _records.Mask;
        var classCount = _shape.ClassCount;
        var max = z[0];
        for (var k = 1; k < classCount; k++)
        {
            if (z[k] > max) max = z[k];
        }
        for (var lane = 0; lane < _records.LaneCount; lane += 4)
            (PinnedMath.ExpToOne(Vector256.Load(z + lane) - Vector256.Create(max)) & Vector256.Load(mask + lane)).Store(z + lane);
        var sum = z[0];
        for (var k = 1; k < classCount; k++) sum += z[k];
        var (factor, share) = (Vector256.Create(weight / sum), Vector256.Create(weight * _targets.LabelSmoothing / classCount));
        for (var lane = 0; lane < _records.LaneCount; lane += 4)
            (Vector256.Load(z + lane) * factor - (share & Vector256.Load(mask + lane))).Store(z + lane);
        z[label] -= weight * (1 - _targets.LabelSmoothing);
    }

    /// <summary>Counts values of which features need the rms.</summary>
    void See(OnlineNonzeros nonzeros)
    {
        for (var i = 0; i < nonzeros.Count; i++)
        {
            if (nonzeros.Features[i] == _shape.FeatureCount) continue;
            var seen = _seen.First + 2 * (nint)nonzeros.Features[i];
            var value = nonzeros.ValueAt(i);
            seen[0] += value * value;
            seen[1]++;
        }
    }

    /// <summary>Counts none of a shard's values any more, at the price of its features.</summary>
    void Forget(Shard shard)
    {
        _seen.Span[..(2 * _layout.SparseFirst)].Clear();
        if (!_rows.HasValues) return;
        foreach (var run in new SparseRuns(shard.Sparse)) _seen.Span.Slice(2 * (_layout.SparseFirst + run.Feature), 2).Clear();
    }

    /// <summary>Steps the batch's features, and empties it. Of up to four classes, nothing is left of the loops over vectors.</summary>
    /// <param name="toCome">Features of the rows after the batch.</param>
    void Step(int batch, double batchWeight, ReadOnlySpan<int> toCome)
    {
        if (toCome.Length > FeaturesAhead) toCome = toCome[FeaturesAhead..];
        if (_records.LaneCount == 4) StepFew(batch, batchWeight, toCome);
        else StepMany(batch, batchWeight, toCome);
        _batch.Clear();
    }

    [MethodImpl(Compilation.Full)]
    void StepFew(int batch, double batchWeight, ReadOnlySpan<int> toCome) => StepEach(batch, batchWeight, toCome, 4);

    [MethodImpl(Compilation.Full)]
    void StepMany(int batch, double batchWeight, ReadOnlySpan<int> toCome) => StepEach(batch, batchWeight, toCome, _records.LaneCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void StepEach(int batch, double batchWeight, ReadOnlySpan<int> toCome, int lanes)
    {
        var (lines, count, featureCount, penaltyMask) = (_records.Lines, _batch.Count, _shape.FeatureCount, _penaltyMask);
        double[] l2 = _pass!.Penalty.L2, l1 = _pass.Penalty.L1;
        var (perWeight, rate, firstHeld) = (Vector256.Create(1 / batchWeight), _pass.LearningRate, _stepCount / 2 + 1);
        int* features = _batch.Features;
        double* gradient = _batch.Gradients, mask = _records.Mask;
        for (var i = 0; i < count; i++, gradient += lanes)
        {
            // Asked for here and not where rows are read: to step takes long enough to wait in, and a row asks for more at once than a processor can.
            if (i < toCome.Length) lines.Fetch(toCome[i]);
            var feature = features[i];
            var weights = lines.At(feature);
            var marks = lines.MarksOf(weights);
            var (elapsed, held) = (batch - marks->LastBatch, Math.Max(0, batch - Math.Max(marks->LastBatch, firstHeld)));
            var squares = lines.SquaresOf(weights) + SquareOf(gradient, perWeight, lanes);
            var own = RateOf(feature, rate, squares);
            var (shrink, threshold) = (1.0, 0.0);
            if (feature < featureCount)
                (shrink, threshold) = (1 + elapsed * own * l2[feature & penaltyMask], elapsed * own * l1[feature & penaltyMask]);
            for (var lane = 0; lane < lanes; lane += 4)
            {
                var means = weights + lanes + lane;
                var (stored, isClass) = (Vector256.Load(weights + lane), Vector256.Load(mask + lane));
                if (held > 0)
                {
                    var mean = Vector256.Load(means);
                    Vector256.ConditionalSelect(isClass, Vector256.FusedMultiplyAdd(stored, Vector256.Create((double)held), mean), mean).Store(means);
                }
                var moved = stored - Vector256.Load(gradient + lane) * Vector256.Create(own);
                if (threshold != 0) moved = Subtract(moved, threshold);
                if (shrink != 1) moved /= Vector256.Create(shrink);
                Vector256.ConditionalSelect(isClass, moved, stored).Store(weights + lane);
            }
            // After all vectors: one that is loaded when a part of it has just been stored has to wait.
            lines.SquaresOf(weights) = squares;
            marks->LastBatch = batch;
        }
    }

    /// <summary>Makes sums over the batch means, and gives ‖ḡ‖².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double SquareOf(double* gradient, Vector256<double> perWeight, int lanes)
    {
        var squares = Vector256<double>.Zero;
        for (var lane = 0; lane < lanes; lane += 4)
        {
            var mean = Vector256.Load(gradient + lane) * perWeight;
            mean.Store(gradient + lane);
            squares = Vector256.FusedMultiplyAdd(mean, mean, squares);
        }
        var pairs = squares.GetLower() + squares.GetUpper();
        return pairs[0] + pairs[1];
    }

    /// <summary>η_d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    double RateOf(int feature, double rate, double gradientSquares)
    {
        if (feature < _seenCount) gradientSquares *= _seen.First[2 * (nint)feature] / _seen.First[2 * (nint)feature + 1];
        var size = Math.Sqrt(gradientSquares);
        return size > 0 ? rate / size : 0;
    }

    /// <summary>Numbers drawn towards 0 by a size, and no further.</summary>
    static Vector256<double> Subtract(Vector256<double> numbers, double size)
    {
        var left = Vector256.Max(Vector256.Abs(numbers) - Vector256.Create(size), Vector256<double>.Zero);
        return left | (numbers & Vector256.Create(-0.0));
    }
}

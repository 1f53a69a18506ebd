using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>Softmax, loss and residuals of a step of 32 rows, eight at once, class by class.</summary>
/// <remarks>
///   z_0 = 0, z_k = logit + b_k                     reference coding, k = 1 … K − 1
///   loss = log Σ exp(z_k − max z) + (max z − z_y)  both terms ≥ 0, never −log p
///   residual_k = w · (exp(z_k − max z) / Σ − [y = k])
/// A row of weight 0 gives exactly 0, whatever its logits. Where a logit is NaN or +∞ the loss is not finite. Rows whose weights are all 1
/// have the residuals that they have among others; their losses take one logarithm for each lane, Σ log Σ = log Π Σ, since 1 ≤ Σ ≤ K.
/// </remarks>
static unsafe class SoftmaxLanes
{
    const int RowsPerClass = BlockRows.StepRows;

    /// <summary>Turns the logits of a step into weighted residuals, in place, and adds these to the sums for the intercepts.</summary>
    /// <param name="logits">[classes][32].</param>
    /// <param name="intercepts">b_k − b_0, [classes].</param>
    /// <param name="labels">[32].</param>
    /// <param name="weights">[32].</param>
    /// <param name="interceptSums">Eight lanes for each class, [classes][8].</param>
    /// <returns>The weighted losses: each lane has the sum of four rows.</returns>
    public static Vector256<float> ToResiduals<TWeights>(
        float* logits, int classCount, float* intercepts, int* labels, float* weights, float* interceptSums)
        where TWeights : struct, IRowWeights => classCount switch
        {
            1 => ToResidualsOfOne<TWeights>(logits, intercepts, labels, weights, interceptSums),
            2 => ToResidualsOfTwo<TWeights>(logits, intercepts, labels, weights, interceptSums),
            _ => ToResidualsOfAny<TWeights>(logits, classCount, intercepts, labels, weights, interceptSums),
        };

    /// <summary>
    /// For one free class. The largest of the exponentials is 1 and need not be taken: of the other the exponent is −|z|.
    /// </summary>
    [MethodImpl(Compilation.Full)]
    internal static Vector256<float> ToResidualsOfOne<TWeights>(
        float* logits, float* intercepts, int* labels, float* weights, float* interceptSums)
        where TWeights : struct, IRowWeights
    {
        Vector256<float> product = Vector256<float>.One, losses = default;
        var (intercept, residuals) = (Vector256.Create(intercepts[0]), Vector256.Load(interceptSums));
        for (var slot = 0; slot < RowsPerClass; slot += 8)
        {
            var z = Vector256.Load(logits + slot) + intercept;
            var isLabel = IsLabel(Vector256.Load(labels + slot), 0);
            var isMax = Vector256.GreaterThan(z, Vector256<float>.Zero);
            var max = z & isMax;

            var exponential = PinnedMath.ExpToOne(Vector256.AndNot(z, isMax) - max);
            var sum = Vector256<float>.One + exponential;
            exponential = Vector256.ConditionalSelect(isMax, Vector256<float>.One, exponential);

            var w = WeightsOf<TWeights>(weights + slot);
            var residual = Residual<TWeights>(exponential, w / sum, w, isLabel);
            residual.Store(logits + slot);
            residuals += residual;
            AddLosses<TWeights>(w, sum, max - (z & isLabel), ref product, ref losses);
        }
        residuals.Store(interceptSums);
        return TotalOf<TWeights>(product, losses);
    }

    /// <summary>For two free classes, whose numbers stay in registers. Where one of them is largest, class 0 takes its place in the exponentials.</summary>
    [MethodImpl(Compilation.Full)]
    internal static Vector256<float> ToResidualsOfTwo<TWeights>(
        float* logits, float* intercepts, int* labels, float* weights, float* interceptSums)
        where TWeights : struct, IRowWeights
    {
        Vector256<float> product = Vector256<float>.One, losses = default;
        var (firstIntercept, secondIntercept) = (Vector256.Create(intercepts[0]), Vector256.Create(intercepts[1]));
        var (firstSums, secondSums) = (Vector256.Load(interceptSums), Vector256.Load(interceptSums + 8));
        for (var slot = 0; slot < RowsPerClass; slot += 8)
        {
            var first = Vector256.Load(logits + slot) + firstIntercept;
            var second = Vector256.Load(logits + RowsPerClass + slot) + secondIntercept;
            var label = Vector256.Load(labels + slot);
            var (isFirst, isSecond) = (IsLabel(label, 0), IsLabel(label, 1));

            var firstIsLarger = Vector256.GreaterThan(first, Vector256<float>.Zero);
            var larger = first & firstIsLarger;
            var secondIsMax = Vector256.GreaterThan(second, larger);
            var max = Vector256.ConditionalSelect(secondIsMax, second, larger);
            var firstIsMax = Vector256.AndNot(firstIsLarger, secondIsMax);
            var belowMax = max - ((first & isFirst) | (second & isSecond));

            first = PinnedMath.ExpToOne(Vector256.AndNot(first, firstIsMax) - max);
            second = PinnedMath.ExpToOne(Vector256.AndNot(second, secondIsMax) - max);
            var sum = Vector256<float>.One + first + second;
            first = Vector256.ConditionalSelect(firstIsMax, Vector256<float>.One, first);
            second = Vector256.ConditionalSelect(secondIsMax, Vector256<float>.One, second);

            var w = WeightsOf<TWeights>(weights + slot);
            var factor = w / sum;
            first = Residual<TWeights>(first, factor, w, isFirst);
            second = Residual<TWeights>(second, factor, w, isSecond);
            first.Store(logits + slot);
            second.Store(logits + RowsPerClass + slot);
            firstSums += first;
            secondSums += second;
            AddLosses<TWeights>(w, sum, belowMax, ref product, ref losses);
        }
        firstSums.Store(interceptSums);
        secondSums.Store(interceptSums + 8);
        return TotalOf<TWeights>(product, losses);
    }

    [MethodImpl(Compilation.Full)]
    internal static Vector256<float> ToResidualsOfAny<TWeights>(
        float* logits, int classCount, float* intercepts, int* labels, float* weights, float* interceptSums)
        where TWeights : struct, IRowWeights
    {
        Vector256<float> product = Vector256<float>.One, losses = default;
        for (var slot = 0; slot < RowsPerClass; slot += 8)
        {
            var z = logits + slot;
            var label = Vector256.Load(labels + slot);
            var (max, observed) = MaxAndObserved(z, classCount, intercepts, label);

            var sum = PinnedMath.ExpToOne(-max);
            for (var c = 0; c < classCount; c++)
            {
                var exponential = PinnedMath.ExpToOne(Vector256.Load(z + c * RowsPerClass) + Vector256.Create(intercepts[c]) - max);
                exponential.Store(z + c * RowsPerClass);
                sum += exponential;
            }

            var w = WeightsOf<TWeights>(weights + slot);
            var factor = w / sum;
            for (var c = 0; c < classCount; c++)
            {
                var residual = Residual<TWeights>(Vector256.Load(z + c * RowsPerClass), factor, w, IsLabel(label, c));
                residual.Store(z + c * RowsPerClass);
                (Vector256.Load(interceptSums + 8 * c) + residual).Store(interceptSums + 8 * c);
            }
            AddLosses<TWeights>(w, sum, max - observed, ref product, ref losses);
        }
        return TotalOf<TWeights>(product, losses);
    }

    /// <summary>The same for smoothed targets q = (1 − ε)·onehot(y) + ε/K.</summary>
    /// <remarks>
    ///   loss = log Σ exp(z_k − max z) + (1 − ε)·(max z − z_y) + (ε/K)·Σ (max z − z_k)      all terms ≥ 0
    ///   residual_k = w · (exp(z_k − max z) / Σ − q_k)
    /// </remarks>
    /// <param name="smoothing">ε.</param>
    [MethodImpl(Compilation.Full)]
    public static Vector256<float> ToSmoothedResiduals(
        float* logits, int classCount, float* intercepts, int* labels, float* weights, float smoothing, float* interceptSums)
    {
        Vector256<float> losses = default;
        var (share, rest) = (Vector256.Create(smoothing / (classCount + 1)), Vector256.Create(1 - smoothing));
        for (var slot = 0; slot < RowsPerClass; slot += 8)
        {
            var z = logits + slot;
            var label = Vector256.Load(labels + slot);
            var (max, observed) = MaxAndObserved(z, classCount, intercepts, label);
            var (sum, below) = (PinnedMath.ExpToOne(-max), max); // of class 0, whose logit is 0
            for (var c = 0; c < classCount; c++)
            {
                var belowMax = max - (Vector256.Load(z + c * RowsPerClass) + Vector256.Create(intercepts[c]));
                var exponential = PinnedMath.ExpToOne(-belowMax);
                exponential.Store(z + c * RowsPerClass);
                sum += exponential;
                below += belowMax;
            }

            var w = Vector256.Load(weights + slot);
            var counted = Vector256.GreaterThan(w, Vector256<float>.Zero);
            var factor = w / sum;
            for (var c = 0; c < classCount; c++)
            {
                var target = w * (share + (rest & IsLabel(label, c)));
                var residual = (Vector256.Load(z + c * RowsPerClass) * factor - target) & counted;
                residual.Store(z + c * RowsPerClass);
                (Vector256.Load(interceptSums + 8 * c) + residual).Store(interceptSums + 8 * c);
            }
            losses += Loss(w, sum, rest * (max - observed) + share * below) & counted;
        }
        return losses;
    }

    /// <summary>The largest z of all classes and that of the label, z = logit + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float> Max, Vector256<float> Observed) MaxAndObserved(
        float* logits, int classCount, float* intercepts, Vector256<int> labels)
    {
        Vector256<float> max = default, observed = default;
        for (var c = 0; c < classCount; c++)
        {
            // A z that is not a number is not larger.
            var z = Vector256.Load(logits + c * RowsPerClass) + Vector256.Create(intercepts[c]);
            max = Vector256.ConditionalSelect(Vector256.GreaterThan(z, max), z, max);
            observed = Vector256.ConditionalSelect(IsLabel(labels, c), z, observed);
        }
        return (max, observed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> WeightsOf<TWeights>(float* weights) where TWeights : struct, IRowWeights =>
        TWeights.AreOnes ? Vector256<float>.One : Vector256.Load(weights);

    /// <summary>w · (p − [y = k]), p = exponential / Σ.</summary>
    /// <param name="factor">w / Σ.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Residual<TWeights>(
        Vector256<float> exponential, Vector256<float> factor, Vector256<float> weights, Vector256<float> isLabel)
        where TWeights : struct, IRowWeights
    {
        var residual = exponential * factor - (weights & isLabel);
        return TWeights.AreOnes ? residual : residual & Vector256.GreaterThan(weights, Vector256<float>.Zero);
    }

    /// <summary>Takes up eight rows' losses: in a product and a sum where weights are 1, else in a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddLosses<TWeights>(
        Vector256<float> weights, Vector256<float> sum, Vector256<float> belowMax, ref Vector256<float> product, ref Vector256<float> losses)
        where TWeights : struct, IRowWeights
    {
        if (TWeights.AreOnes)
        {
            product *= sum;
            losses += belowMax;
        }
        else
        {
            losses += Loss(weights, sum, belowMax) & Vector256.GreaterThan(weights, Vector256<float>.Zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> TotalOf<TWeights>(Vector256<float> product, Vector256<float> losses) where TWeights : struct, IRowWeights =>
        TWeights.AreOnes ? LogOf(product) + losses : losses;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Loss(Vector256<float> weights, Vector256<float> sum, Vector256<float> belowMax) =>
        weights * (LogOf(sum) + belowMax);

    /// <summary>The logarithm reads bits and would make a number of NaN; sum − sum is 0, or NaN where the sum is not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> LogOf(Vector256<float> sum) => PinnedMath.Log(sum) + (sum - sum);

    /// <summary>All bits set in the rows whose class is free class <paramref name="c"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> IsLabel(Vector256<int> labels, int c) => Vector256.Equals(labels, Vector256.Create(c + 1)).AsSingle();
}

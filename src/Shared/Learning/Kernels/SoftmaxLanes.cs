using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>Softmax, loss and residuals of eight rows at once, class by class.</summary>
/// <remarks>
///   z_0 = 0, z_k = logit + b_k                     reference coding, k = 1 … K − 1
///   loss = log Σ exp(z_k − max z) + (max z − z_y)  both terms ≥ 0, never −log p
///   residual_k = w · (exp(z_k − max z) / Σ − [y = k])
/// A row of weight 0 gives exactly 0, whatever its logits. Where a logit is NaN or +∞ the loss is NaN.
/// </remarks>
static unsafe class SoftmaxLanes
{
    const int RowsPerClass = BlockRows.StepRows;

    /// <summary>Turns the logits of eight rows into weighted residuals, in place, and adds these to the sums for the intercepts.</summary>
    /// <param name="logits">[classes][32], of which eight rows from here.</param>
    /// <param name="intercepts">b_k − b_0, [classes].</param>
    /// <param name="interceptSums">Eight lanes for each class, [classes][8].</param>
    /// <returns>The eight weighted losses.</returns>
    public static Vector256<float> ToResiduals(
        float* logits, int classCount, float* intercepts, Vector256<int> labels, Vector256<float> weights, float* interceptSums) =>
        classCount == 2
            ? ToResidualsOfTwo(logits, intercepts, labels, weights, interceptSums)
            : ToResidualsOfAny(logits, classCount, intercepts, labels, weights, interceptSums);

    /// <summary>The same operations on each number for two free classes, whose numbers stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ToResidualsOfTwo(
        float* logits, float* intercepts, Vector256<int> labels, Vector256<float> weights, float* interceptSums)
    {
        var first = Vector256.Load(logits) + Vector256.Create(intercepts[0]);
        var second = Vector256.Load(logits + RowsPerClass) + Vector256.Create(intercepts[1]);
        var (isFirst, isSecond) = (IsLabel(labels, 0), IsLabel(labels, 1));
        var max = Larger(second, Larger(first, default));
        var observed = (first & isFirst) | (second & isSecond);

        first = PinnedMath.Exp(first - max);
        second = PinnedMath.Exp(second - max);
        var sum = PinnedMath.Exp(-max) + first + second;

        var counted = Vector256.GreaterThan(weights, Vector256<float>.Zero);
        var factor = weights / sum;
        first = (first * factor - (weights & isFirst)) & counted;
        second = (second * factor - (weights & isSecond)) & counted;
        first.Store(logits);
        second.Store(logits + RowsPerClass);
        (Vector256.Load(interceptSums) + first).Store(interceptSums);
        (Vector256.Load(interceptSums + 8) + second).Store(interceptSums + 8);
        return Loss(weights, sum, max - observed) & counted;
    }

    [MethodImpl(Compilation.Full)]
    internal static Vector256<float> ToResidualsOfAny(
        float* logits, int classCount, float* intercepts, Vector256<int> labels, Vector256<float> weights, float* interceptSums)
    {
        var (max, observed) = AddIntercepts(logits, classCount, intercepts, labels);

        var sum = PinnedMath.Exp(-max);
        for (var c = 0; c < classCount; c++)
        {
            var exponential = PinnedMath.Exp(Vector256.Load(logits + c * RowsPerClass) - max);
            exponential.Store(logits + c * RowsPerClass);
            sum += exponential;
        }

        var counted = Vector256.GreaterThan(weights, Vector256<float>.Zero);
        var factor = weights / sum;
        for (var c = 0; c < classCount; c++)
        {
            var target = weights & IsLabel(labels, c);
            var residual = (Vector256.Load(logits + c * RowsPerClass) * factor - target) & counted;
            residual.Store(logits + c * RowsPerClass);
            (Vector256.Load(interceptSums + 8 * c) + residual).Store(interceptSums + 8 * c);
        }
        return Loss(weights, sum, max - observed) & counted;
    }

    /// <summary>The same for smoothed targets q = (1 − ε)·onehot(y) + ε/K.</summary>
    /// <remarks>
    ///   loss = log Σ exp(z_k − max z) + (1 − ε)·(max z − z_y) + (ε/K)·Σ (max z − z_k)      all terms ≥ 0
    ///   residual_k = w · (exp(z_k − max z) / Σ − q_k)
    /// </remarks>
    /// <param name="smoothing">ε.</param>
    [MethodImpl(Compilation.Full)]
    public static Vector256<float> ToSmoothedResiduals(
        float* logits, int classCount, float* intercepts, Vector256<int> labels, Vector256<float> weights, float smoothing,
        float* interceptSums)
    {
        var (max, observed) = AddIntercepts(logits, classCount, intercepts, labels);
        var (sum, below) = (PinnedMath.Exp(-max), max); // of class 0, whose logit is 0
        for (var c = 0; c < classCount; c++)
        {
            var belowMax = max - Vector256.Load(logits + c * RowsPerClass);
            var exponential = PinnedMath.Exp(-belowMax);
            exponential.Store(logits + c * RowsPerClass);
            sum += exponential;
            below += belowMax;
        }

        var counted = Vector256.GreaterThan(weights, Vector256<float>.Zero);
        var factor = weights / sum;
        var (share, rest) = (Vector256.Create(smoothing / (classCount + 1)), Vector256.Create(1 - smoothing));
        for (var c = 0; c < classCount; c++)
        {
            var target = weights * (share + (rest & IsLabel(labels, c)));
            var residual = (Vector256.Load(logits + c * RowsPerClass) * factor - target) & counted;
            residual.Store(logits + c * RowsPerClass);
            (Vector256.Load(interceptSums + 8 * c) + residual).Store(interceptSums + 8 * c);
        }
        return Loss(weights, sum, rest * (max - observed) + share * below) & counted;
    }

    /// <summary>z = logit + b in place; gives the largest z of all classes and that of the label.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float> Max, Vector256<float> Observed) AddIntercepts(
        float* logits, int classCount, float* intercepts, Vector256<int> labels)
    {
        Vector256<float> max = default, observed = default;
        for (var c = 0; c < classCount; c++)
        {
            var z = Vector256.Load(logits + c * RowsPerClass) + Vector256.Create(intercepts[c]);
            z.Store(logits + c * RowsPerClass);
            max = Larger(z, max);
            observed = Vector256.ConditionalSelect(IsLabel(labels, c), z, observed);
        }
        return (max, observed);
    }

    /// <summary>z where it is larger; a z that is not a number is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Larger(Vector256<float> z, Vector256<float> max) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(z, max), z, max);

    /// <summary>The logarithm reads bits and would make a number of NaN; sum − sum is 0, or NaN where the sum is not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Loss(Vector256<float> weights, Vector256<float> sum, Vector256<float> belowMax) =>
        weights * (PinnedMath.Log(sum) + (sum - sum) + belowMax);

    /// <summary>All bits set in the rows whose class is free class <paramref name="c"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> IsLabel(Vector256<int> labels, int c) => Vector256.Equals(labels, Vector256.Create(c + 1)).AsSingle();
}

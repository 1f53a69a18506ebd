using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Computes the exact sums of shards. Owns scratch memory, so each thread has its own; nothing is allocated per shard in steady state.
/// </summary>
/// <remarks>
/// What it adds for a shard is a pure function of request, point and shard. Rows of weight 0 count nowhere, whatever they hold. Rows of
/// a label below 0, whose class takes no part in the softmax, count in weight, row count, impossible rows and confusion, but have neither
/// loss nor gradient.
/// </remarks>
/// <param name="targets">The run's; those behind <paramref name="scales"/>.</param>
public sealed class ShardEvaluator(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
{
    /// <summary>
    /// Below this scale a column's Σ w|x| passes 2¹²⁵ and a float sum could overflow: such data gets the answer "not finite".
    /// </summary>
    const double SmallestScale = 1.0 / (1UL << 63) / 2;

    readonly IFloatKernel _float = FloatKernelOf(shape, layout, scales, targets);
    readonly DoubleKernel _double = new(shape, layout, scales, targets);
    OnlineKernel? _online;
    readonly bool _floatSumsBounded = scales.Intercept >= SmallestScale && scales.Features.All(scale => scale >= SmallestScale);

    /// <summary>Adds to <paramref name="sums"/> what <paramref name="request"/> asks of <paramref name="shard"/>.</summary>
    /// <param name="shard">The rows that the request is about: for a batch, a slice of its (<see cref="BatchSchedule.Open"/>).</param>
    /// <param name="sums">Of the same shape and kind.</param>
    public void Evaluate(EvaluationRequest request, EvaluationPoint point, Shard shard, EvaluationSums sums)
    {
        Check(request, point, sums);
        if (request.Online is { } pass) (_online ??= new OnlineKernel(shape, layout, scales, targets)).Evaluate(pass, point, shard, sums);
        else if (request.Kind is not (EvaluationKind.Gradient or EvaluationKind.Batch)) _double.Evaluate(request, point, shard, sums);
        else if (_floatSumsBounded) _float.Evaluate(point.Floats, shard, sums);
        else sums.NonFinite = true;
    }

    void Check(EvaluationRequest request, EvaluationPoint point, EvaluationSums sums)
    {
        if (point.Shape != shape) throw new ArgumentException($"The point is of {point.Shape}, the evaluator of {shape}.", nameof(point));
        if (sums.Shape != shape || sums.Kind != request.Kind)
            throw new ArgumentException($"Sums of {sums.Kind} {sums.Shape} do not fit {request.Kind} {shape}.", nameof(sums));
    }

    static IFloatKernel FloatKernelOf(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets) =>
        new LaneLayout(shape.ClassCount).Width switch
        {
            2 => new FloatKernel<Lanes2>(shape, layout, scales, targets),
            4 => new FloatKernel<Lanes4>(shape, layout, scales, targets),
            16 => new FloatKernel<Lanes16>(shape, layout, scales, targets),
            24 => new FloatKernel<Lanes24>(shape, layout, scales, targets),
            _ => new FloatKernel<Lanes8>(shape, layout, scales, targets),
        };
}

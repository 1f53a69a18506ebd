using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Learning.Metrics;
using DistTrain.Learning.Online;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// Exact sums over some rows: integers, so that adding them in any order or grouping gives the same bits. Scales are the run's
/// (<see cref="Scales"/>). Written by one owner until handed over; then only read, until their last reader recycles them.
/// </summary>
public sealed class EvaluationSums(ModelShape shape, EvaluationKind kind)
{
    /// <summary>Numbers that are added for all before the next ones: an eighth of a megabyte.</summary>
    const int PieceLength = 1 << 14;

    /// <summary>Features whose sums are read together: those of twenty classes stay in the nearest cache.</summary>
    const int TileLength = 64;

    public ModelShape Shape { get; } = shape;

    public EvaluationKind Kind { get; } = kind;

    /// <summary>
    /// At the scalar scale: the loss that training minimises, Σ vᵢ·loss under training weights and targets (<see cref="Targets"/>); or, for
    /// the kind of metrics, Σ wᵢ·(−log p(observed)) at natural probabilities.
    /// </summary>
    public WideInteger Loss { get; set; }

    /// <summary>Σ wᵢ, at the scalar scale.</summary>
    public WideInteger Weight { get; set; }

    /// <summary>Σ vᵢ = Σ wᵢ·c[yᵢ] over the rows whose class takes part, at the scalar scale; 0 where the kind has no objective.</summary>
    public WideInteger TrainingWeight { get; set; }

    /// <summary>Rows with weight above 0.</summary>
    public long RowCount { get; set; }

    /// <summary>Rows whose class takes no part in the softmax: their loss is infinite and in no sum.</summary>
    public long ImpossibleRowCount { get; set; }

    /// <summary>True where a loss was not finite or too large for its sum; then the sums mean nothing.</summary>
    public bool NonFinite { get; set; }

    /// <summary>
    /// Σ vᵢ (p − q)ₖ xᵢd for classes k = 1 … K − 1, feature by feature: entry [d·(K−1) + k − 1]; the intercepts' follow after the last
    /// feature. Without the sparse features where <see cref="Touched"/> has them. Empty where the kind has no gradient.
    /// </summary>
    public long[] Gradient { get; private set; } = kind.HasGradient()
        ? SpareNumbers.Take<long>(shape.FreeClassCount * (HasTouched(shape, kind) ? shape.SparseFirst + 1 : shape.FeatureCount + 1))
        : [];

    /// <summary>
    /// The gradient of the sparse features that the rows of a batch touch; null where <see cref="Gradient"/> has all features.
    /// </summary>
    public TouchedSums? Touched { get; } = HasTouched(shape, kind) ? new TouchedSums(shape.FreeClassCount) : null;

    /// <summary>
    /// Weight of rows of observed class i given label j, at [i·K + j], at the scalar scale; the classes of the softmax first, then the
    /// inactive ones, which are never given. Empty where not asked for.
    /// </summary>
    public WideInteger[] Confusion { get; } = kind.HasConfusion() ? new WideInteger[shape.ObservedClassCount * shape.ClassCount] : [];

    /// <summary>What the rows say about probabilities; there where confusion is.</summary>
    public ProbabilitySums? Probabilities { get; } = kind.HasConfusion() ? new ProbabilitySums(shape.ClassCount) : null;

    /// <summary>How rows spread over the bins of some classes' probabilities; null where not asked for.</summary>
    public RankingSums? Ranking { get; } = kind is EvaluationKind.Ranking ? new RankingSums(shape.ClassCount) : null;

    /// <summary>Log-loss at a temperature, its slope and curvature; null where not asked for.</summary>
    public CalibrationSums? Calibration { get; } = kind is EvaluationKind.Calibration ? new CalibrationSums() : null;

    /// <summary>
    /// Σ over shards of Σ w|x_d| times what the shard's pass moved the weight of feature d and class k, at [d·K + k], the intercepts' as
    /// feature D, at the feature's scale / 2²⁰ (<see cref="OnlinePass.MoveMax"/>). Empty where not asked for.
    /// </summary>
    public long[] Moves { get; } = kind is EvaluationKind.Online ? new long[shape.ParameterCount] : [];

    /// <summary>Σ vᵢ H(aᵢ), at the scalar scale; for the certificate alone.</summary>
    public WideInteger Entropy { get; set; }

    /// <summary>Adds <paramref name="other"/>, of the same shape and kind.</summary>
    public void Add(EvaluationSums other) => Add([other]);

    /// <summary>Adds several, all of the same shape and kind: long ones piece by piece, so that the total stays near.</summary>
    /// <param name="parallel">For long ones; null: all on the caller's thread.</param>
    public void Add(ImmutableArray<EvaluationSums> others, IParallelFor? parallel = null)
    {
        foreach (var other in others) AddAllButNumbers(other);
        AddNumbers(Gradient, others, sums => sums.Gradient, parallel ?? SerialFor.Instance);
        AddNumbers(Moves, others, sums => sums.Moves, parallel ?? SerialFor.Instance);
    }

    void AddAllButNumbers(EvaluationSums other)
    {
        if (other.Shape != Shape || other.Kind != Kind)
            throw new ArgumentException($"Sums of {other.Kind} {other.Shape} cannot be added to sums of {Kind} {Shape}.", nameof(other));

        Loss += other.Loss;
        Weight += other.Weight;
        TrainingWeight += other.TrainingWeight;
        RowCount += other.RowCount;
        ImpossibleRowCount += other.ImpossibleRowCount;
        NonFinite |= other.NonFinite;
        Entropy += other.Entropy;
        Touched?.Add(other.Touched!);
        for (var i = 0; i < Confusion.Length; i++) Confusion[i] += other.Confusion[i];
        Probabilities?.Add(other.Probabilities!);
        Ranking?.Add(other.Ranking!);
        Calibration?.Add(other.Calibration!);
    }

    /// <summary>Brings the sums into the form in which they are handed over. They may be added to all the same.</summary>
    public void Settle() => Touched?.Settle();

    /// <summary>
    /// Gives the gradient's memory to sums that are made later. For the last one that reads these sums, and only where nobody else holds
    /// them, or what they were added to, to read: from now on they have no gradient, and cannot be added.
    /// </summary>
    public void Recycle()
    {
        var gradient = Gradient;
        Gradient = [];
        SpareNumbers.Give(gradient);
        Touched?.Recycle();
    }

    /// <summary>
    /// The gradient of some features, each sum divided by its scale and by <paramref name="weight"/>, class 0 minus the others. Not of a batch
    /// with sparse features.
    /// </summary>
    /// <param name="features">Within 0 … D, D being the intercepts.</param>
    /// <param name="result">[K, D] then [K], as <see cref="Parameters.Values"/>; other features' places are left alone.</param>
    public void ReadGradient(Scales scales, double weight, Range features, Span<double> result)
    {
        var (first, count) = features.GetOffsetAndLength(Shape.FeatureCount + 1);
        var end = Math.Min(first + count, Shape.FeatureCount);
        for (var d = first; d < end; d += TileLength) ReadTile(scales, weight, d, Math.Min(TileLength, end - d), result);
        if (first + count > Shape.FeatureCount) ReadIntercepts(scales, weight, result);
    }

    /// <summary>Of features side by side, class by class, so that one class's numbers are written in a row.</summary>
    [MethodImpl(Compilation.Full)]
    void ReadTile(Scales scales, double weight, int first, int count, Span<double> result)
    {
        Span<long> others = stackalloc long[TileLength];
        Span<double> units = stackalloc double[TileLength];
        others.Clear();
        for (var i = 0; i < count; i++) units[i] = 1 / scales.Features[first + i]; // Exact, as scales are powers of two.
        var sums = Gradient.AsSpan(first * Shape.FreeClassCount, count * Shape.FreeClassCount);
        for (var k = 0; k < Shape.FreeClassCount; k++)
        {
            var own = result.Slice((k + 1) * Shape.FeatureCount + first, count);
            for (var i = 0; i < count; i++)
            {
                var sum = sums[i * Shape.FreeClassCount + k];
                others[i] += sum;
                own[i] = sum;
            }
            Divide(own, units, weight);
        }
        var reference = result.Slice(first, count);
        for (var i = 0; i < count; i++) reference[i] = -others[i];
        Divide(reference, units, weight);
    }

    void ReadIntercepts(Scales scales, double weight, Span<double> result)
    {
        var (unit, others) = (1 / scales.Intercept, 0L);
        var sums = Gradient.AsSpan(^Shape.FreeClassCount..);
        var intercepts = result[(Shape.ClassCount * Shape.FeatureCount)..];
        for (var k = 0; k < sums.Length; k++)
        {
            others += sums[k];
            intercepts[k + 1] = sums[k] * unit / weight;
        }
        intercepts[0] = -others * unit / weight;
    }

    /// <summary>numbers = numbers · unit / weight.</summary>
    [MethodImpl(Compilation.Full)]
    static void Divide(Span<double> numbers, ReadOnlySpan<double> units, double weight)
    {
        var (weights, i) = (Vector256.Create(weight), 0);
        for (; i <= numbers.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            (Vector256.Create(numbers[i..]) * Vector256.Create(units[i..]) / weights).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] = numbers[i] * units[i] / weight;
    }

    static void AddNumbers(
        long[] total, ImmutableArray<EvaluationSums> others, Func<EvaluationSums, long[]> numbersOf, IParallelFor parallel)
    {
        if (others.IsEmpty) return;
        parallel.Run((total.Length + PieceLength - 1) / PieceLength, i =>
        {
            var first = i * PieceLength;
            var piece = first..Math.Min(first + PieceLength, total.Length);
            foreach (var other in others) Add(total.AsSpan(piece), numbersOf(other).AsSpan(piece));
        });
    }

    /// <summary>sums += others.</summary>
    [MethodImpl(Compilation.Full)]
    static void Add(Span<long> sums, ReadOnlySpan<long> others)
    {
        var i = 0;
        for (; i <= sums.Length - Vector256<long>.Count; i += Vector256<long>.Count)
            (Vector256.Create(sums[i..]) + Vector256.Create(others[i..])).CopyTo(sums[i..]);
        for (; i < sums.Length; i++) sums[i] += others[i];
    }

    static bool HasTouched(ModelShape shape, EvaluationKind kind) => kind == EvaluationKind.Batch && shape.SparseCount > 0;

    /// <summary>A scalar sum as a number.</summary>
    public static double ToNumber(WideInteger sum, Scales scales) => FixedPoint.ToDouble(sum, scales.Scalar);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// A batch's sums as mean loss and mean gradient: divided by the training weight of the batch, so that no number of workers matters. The
/// memory of a gradient is used again for the next one.
/// </summary>
/// <remarks>
/// The gradient names all features that are not held sparse, those held sparse that the batch touches, and the intercepts. Its parts are
/// ranges of features of one width, chosen by the shape alone. The last two runs of sums are merged as a part is asked for, by whoever
/// asks, who so finds it in its nearest cache.
/// </remarks>
public sealed unsafe class BatchGradient : IGradientParts
{
    /// <summary>Features of a part, at least; a large model has wider ones, so that there are no more parts than pay.</summary>
    const int PartFeatures = 4096;

    const int PartsMax = 64;

    /// <summary>Sums that are asked for before they are merged: another thread may have written them last.</summary>
    const int SumsAhead = 32;

    /// <summary>Bits of a double's mantissa; those of a unit, a power of two, are 0.</summary>
    const int MantissaBits = 52;

    readonly Scales _scales;

    // The upper bits of 1/scale of each feature, intercepts last: so few bytes that they stay near.
    readonly short[] _unitBits;

    int[] _features = [];
    double[] _values = [];
    EvaluationSums? _sums;
    double _inverseWeight;
    TouchedRun _first;
    TouchedRun _second;

    public BatchGradient(Scales scales)
    {
        _scales = scales;
        _unitBits = [.. scales.Features.Append(scales.Intercept).Select(scale => (short)(BitConverter.DoubleToInt64Bits(1 / scale) >> MantissaBits))];
    }

    public int PartCount => _sums is { } sums ? (sums.Shape.FeatureCount + WidthOf(sums.Shape)) / WidthOf(sums.Shape) : 0;

    /// <summary>Takes the gradient from sums, of which it needs the numbers until the next ones are read.</summary>
    /// <param name="sums">Finite, of a batch with training weight above 0.</param>
    /// <returns>(1/S) Σ vᵢ·loss over the batch, penalties left out.</returns>
    public double Read(EvaluationSums sums)
    {
        var weight = EvaluationSums.ToNumber(sums.TrainingWeight, _scales);
        (_sums, _inverseWeight) = (sums, 1 / weight);
        (_first, _second) = sums.Touched?.InTwo() ?? default;
        MakeRoom(sums.Shape.SparseFirst + _first.Count + _second.Count + 1, FeatureStore.LanesOf(sums.Shape.ClassCount));
        return EvaluationSums.ToNumber(sums.Loss, _scales) / weight;
    }

    public FeatureGradient PartAt(int part)
    {
        var shape = _sums!.Shape;
        var (start, lanes) = ((int)((long)part * WidthOf(shape)), FeatureStore.LanesOf(shape.ClassCount));
        var end = (int)Math.Min((long)start + WidthOf(shape), shape.FeatureCount + 1);
        var (left, right) = (PlacesOf(_first, start, end), PlacesOf(_second, start, end));
        // Parts before this one need no more room than what they might name.
        var place = Math.Min(start, shape.SparseFirst) + left.Start.Value + right.Start.Value;
        var count = Head(start, Math.Min(end, shape.SparseFirst), place);
        count += Merge(left, right, place + count);
        if (end > shape.FeatureCount) count += Intercepts(place + count);
        return new FeatureGradient(_features.AsMemory(place, count), _values.AsMemory(place * lanes, count * lanes));
    }

    static int WidthOf(ModelShape shape) => Math.Max(PartFeatures, shape.FeatureCount / PartsMax + 1);

    void MakeRoom(int count, int lanes)
    {
        if (_features.Length >= count && _values.Length >= count * (long)lanes) return;
        var room = Math.Max(count, Math.Min(count + count / 8, Array.MaxLength / lanes));
        (_features, _values) = (new int[room], new double[checked(room * lanes)]);
    }

    /// <summary>The places of a run that hold the sparse ones of a range of features.</summary>
    Range PlacesOf(TouchedRun run, int start, int end)
    {
        var first = _sums!.Shape.SparseFirst;
        return run.Count == 0 ? default : run.PlaceOf(start - first)..run.PlaceOf(end - first);
    }

    /// <summary>Sums of features not held sparse; how many.</summary>
    int Head(int start, int end, int place)
    {
        var free = _sums!.Shape.FreeClassCount;
        for (var d = start; d < end; d++) Put(place + d - start, d, _sums.Gradient.AsSpan(d * free, free));
        return Math.Max(0, end - start);
    }

    int Intercepts(int place)
    {
        Put(place, _sums!.Shape.FeatureCount, _sums.Gradient.AsSpan(^_sums.Shape.FreeClassCount..));
        return 1;
    }

    /// <summary>Sums of sparse features from both runs; how many. Which run comes next is anybody's guess: so nothing branches on it.</summary>
    [MethodImpl(Compilation.Full)]
    int Merge(Range left, Range right, int place)
    {
        var shape = _sums!.Shape;
        var (free, lanes, sparseFirst, first) = (shape.FreeClassCount, FeatureStore.LanesOf(shape.ClassCount), shape.SparseFirst, place);
        var inverseWeight = _inverseWeight;
        var (l, lEnd, r, rEnd) = (left.Start.Value, left.End.Value, right.Start.Value, right.End.Value);
        var isSum = Vector256.GreaterThan(Vector256.Create((long)free), Vector256.Create(0L, 1, 2, 3));
        fixed (int* leftFeatures = _first.Features, rightFeatures = _second.Features, features = _features)
        fixed (long* leftSums = _first.Sums, rightSums = _second.Sums)
        fixed (double* values = _values)
        fixed (short* unitBits = _unitBits)
        {
            for (; l < lEnd && r < rEnd; place++)
            {
                var (ofLeft, ofRight) = (leftFeatures[l], rightFeatures[r]);
                var (takesLeft, takesRight) = (ofLeft <= ofRight ? 1 : 0, ofRight <= ofLeft ? 1 : 0);
                var feature = features[place] = sparseFirst + Math.Min(ofLeft, ofRight);
                var unit = UnitOf(unitBits[feature]) * inverseWeight;
                long* lefts = leftSums + (nint)l * free, rights = rightSums + (nint)r * free;
                double* own = values + (nint)place * lanes;
                Fetch(lefts + SumsAhead, rights + SumsAhead);
                l += takesLeft;
                r += takesRight;
                if (lanes == Vector256<double>.Count)
                {
                    PutFew(lefts, isSum & Vector256.Create(-(long)takesLeft), rights, isSum & Vector256.Create(-(long)takesRight), unit, own);
                    continue;
                }
                var others = 0L;
                for (var k = 0; k < free; k++)
                {
                    var sum = (lefts[k] & -(long)takesLeft) + (rights[k] & -(long)takesRight);
                    others += sum;
                    own[k + 1] = sum * unit;
                }
                own[0] = -others * unit;
                for (var k = free + 1; k < lanes; k++) own[k] = 0;
            }
        }
        for (; l < lEnd; l++) Put(place++, sparseFirst + _first.Features[l], _first.Sums.AsSpan(l * free, free));
        for (; r < rEnd; r++) Put(place++, sparseFirst + _second.Features[r], _second.Sums.AsSpan(r * free, free));
        return place - first;
    }

    /// <summary>A feature's sums where those of all classes are one vector; both numbers of features or one of them are its own.</summary>
    /// <param name="left">Sums of the free classes, and whatever is behind them.</param>
    /// <param name="isLeft">All bits set in the lanes of <paramref name="left"/> that count.</param>
    /// <param name="unit">What a sum of 1 means.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PutFew(long* left, Vector256<long> isLeft, long* right, Vector256<long> isRight, double unit, double* own)
    {
        var sums = (Vector256.Load(left) & isLeft) + (Vector256.Load(right) & isRight);
        var pairs = sums + Vector256.Shuffle(sums, Vector256.Create(1L, 0, 3, 2));
        var others = pairs + Vector256.Shuffle(pairs, Vector256.Create(2L, 3, 0, 1));
        var classes = Vector256.Shuffle(sums, Vector256.Create(3L, 0, 1, 2)); // At most three sums: the last is 0.
        (Vector256.ConvertToDouble(Vector256.ConditionalSelect(Vector256.Create(-1L, 0, 0, 0), -others, classes)) * Vector256.Create(unit)).Store(own);
    }

    /// <summary>A feature's sums of the free classes as means of all: class 0's is minus the sum of the others, taken on the integers.</summary>
    void Put(int place, int feature, ReadOnlySpan<long> sums)
    {
        _features[place] = feature;
        var lanes = FeatureStore.LanesOf(sums.Length + 1);
        var own = _values.AsSpan(place * lanes, lanes);
        var (unit, others) = (UnitOf(_unitBits[feature]) * _inverseWeight, 0L);
        for (var k = 0; k < sums.Length; k++)
        {
            others += sums[k];
            own[k + 1] = sums[k] * unit;
        }
        own[0] = -others * unit;
        own[(sums.Length + 1)..].Clear();
    }

    /// <summary>1/scale, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double UnitOf(short bits) => BitConverter.Int64BitsToDouble((long)bits << MantissaBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(long* left, long* right)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(left);
        Sse.Prefetch0(right);
    }
}

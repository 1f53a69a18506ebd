using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// A batch's sums as mean loss and mean gradient: divided by the training weight of the batch, so that no number of workers matters. The
/// memory of a gradient is used again for the next one.
/// </summary>
/// <param name="parallel">For chunks of features.</param>
public sealed class BatchGradient(Scales scales, IParallelFor parallel)
{
    const int ChunkLength = 1024;

    int[] _features = [];
    double[] _values = [];

    /// <summary>
    /// The gradient of the loss last read, by features: all that are not held sparse, those held sparse that the batch touches, the
    /// intercepts. Until the next one is read.
    /// </summary>
    public FeatureGradient Gradient { get; private set; }

    /// <summary>Takes the gradient from sums.</summary>
    /// <param name="sums">Finite, of a batch with training weight above 0.</param>
    /// <returns>(1/S) Σ vᵢ·loss over the batch, penalties left out.</returns>
    public double Read(EvaluationSums sums)
    {
        var (shape, weight) = (sums.Shape, EvaluationSums.ToNumber(sums.TrainingWeight, scales));
        var (lanes, first) = (FeatureStore.LanesOf(shape.ClassCount), shape.SparseFirst);
        var (touched, touchedSums) = sums.Touched?.Settled() ?? default;
        var count = first + touched.Length + 1;
        MakeRoom(count, lanes);
        for (var d = 0; d < first; d++) _features[d] = d;
        _features[count - 1] = shape.FeatureCount;
        Divide(sums.Gradient.AsSpan(0, first * shape.FreeClassCount), 0, weight, shape);
        Divide(sums.Gradient.AsSpan(^shape.FreeClassCount..), count - 1, weight, shape);
        parallel.Run((touched.Length + ChunkLength - 1) / ChunkLength, chunk =>
        {
            var (start, end) = (chunk * ChunkLength, Math.Min((chunk + 1) * ChunkLength, touched.Length));
            var own = touched.Span[start..end];
            for (var i = 0; i < own.Length; i++) _features[first + start + i] = first + own[i];
            Divide(touchedSums.Span[(start * shape.FreeClassCount)..(end * shape.FreeClassCount)], first + start, weight, shape);
        });
        Gradient = new FeatureGradient(_features.AsMemory(0, count), _values.AsMemory(0, count * lanes));
        return EvaluationSums.ToNumber(sums.Loss, scales) / weight;
    }

    void MakeRoom(int count, int lanes)
    {
        if (_features.Length >= count) return;
        var room = Math.Max(count, Math.Min(2 * _features.Length, Array.MaxLength / lanes));
        (_features, _values) = (new int[room], new double[room * lanes]);
    }

    /// <summary>Sums of the free classes to means of all: class 0's is minus the sum of the others, taken on the integers.</summary>
    /// <param name="sums">[n][K − 1].</param>
    /// <param name="place">Of the first of n features that are named already.</param>
    void Divide(ReadOnlySpan<long> sums, int place, double weight, ModelShape shape)
    {
        var (free, lanes) = (shape.FreeClassCount, FeatureStore.LanesOf(shape.ClassCount));
        for (var at = 0; at < sums.Length; at += free, place++)
        {
            var unit = 1 / (_features[place] < shape.FeatureCount ? scales.Features[_features[place]] : scales.Intercept); // Exact: scales are powers of two.
            var means = _values.AsSpan(place * lanes, lanes);
            var others = 0L;
            for (var k = 0; k < free; k++)
            {
                var sum = sums[at + k];
                others += sum;
                means[k + 1] = sum * unit / weight;
            }
            means[0] = -others * unit / weight;
            means[(free + 1)..].Clear();
        }
    }
}

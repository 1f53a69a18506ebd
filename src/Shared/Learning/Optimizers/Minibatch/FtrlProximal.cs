using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Follow the regularised leader, proximal form: weights are a formula of sums over gradients, penalties included.</summary>
/// <remarks>
///   σ = (√(n + g²) − √n)/α,  z ← z + g − σw,  n ← n + g²
///   w = −soft(z, tλ₁) / ((β + √n)/α + tλ₂),  soft(z, a) = sign(z)·max(0, |z| − a)
/// McMahan et al., "Ad click prediction: a view from the trenches" (KDD 2013), algorithm 1, with β = 1. Each of the t steps so far counts
/// the penalties of the objective once, as McMahan (AISTATS 2011) has it, since gradients here are means. Columns are taken in units of
/// their yardstick y, as by the other optimisers: g/y, w·y, λ₂/y², λ₁/y. z begins at −w₀·β/α, so that training begins at w₀.
/// </remarks>
public sealed class FtrlProximal : IMinibatchOptimizer
{
    const double Beta = 1;

    /// <summary>Features that are fetched before they are needed.</summary>
    const int Ahead = 16;

    readonly FeatureStore _store;
    readonly int _classCount;
    readonly IUpdateTransform _whole;
    readonly double _alpha;
    readonly FeatureNumbers _sums;
    readonly FeatureNumbers _squares;

    // Of each feature, its penalty when it was last touched; and their sum.
    readonly FeatureNumbers _penalties;
    double _penaltySum;

    /// <param name="store">Of <paramref name="start"/>.</param>
    /// <param name="whole">Applied to the whole gradient, in units of the yardstick; without state.</param>
    /// <param name="alpha">α, the learning rate; above 0.</param>
    public FtrlProximal(MinibatchStart start, FeatureStore store, IUpdateTransform whole, double alpha)
    {
        (_store, _classCount, _whole, _alpha) = (store, start.ClassCount, whole, alpha);
        (_sums, _squares, _penalties) = (store.ReserveByClass(), store.ReserveByClass(), store.Reserve(1));
        for (var feature = 0; feature < start.FeatureCount; feature++)
        {
            var weights = start.Weights.AsSpan(feature * _classCount, _classCount);
            for (var k = 0; k < _classCount; k++) _sums.Of(feature)[k] = -weights[k] * store.YardstickOf(feature) * Beta / alpha;
            _penaltySum += _penalties.Of(feature)[0] = PenaltyOf(feature, weights);
        }
    }

    public int StepCount { get; private set; }

    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        for (var i = 0; i < features.Length; i++)
        {
            FetchAfter(features, i);
            ReadOne(features[i], weights.Slice(i * _classCount, _classCount));
        }
    }

    public double Descend(FeatureGradient gradient)
    {
        var features = gradient.Features.Span;
        var values = gradient.Values.Span;
        _whole.Apply(features, values);
        Span<double> weights = new double[_classCount];
        var penalty = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            FetchAfter(features, i);
            ReadOne(features[i], weights);
            penalty += Charge(features[i], weights);
            Learn(features[i], values.Slice(i * _store.LaneCount, _classCount), weights);
        }
        StepCount++;
        return _penaltySum += penalty;
    }

    public void Save(StateWriter state)
    {
        state.Tag("ftrlProximal");
        state.Write(StepCount);
        state.Write(_penaltySum);
        _store.Save(state);
    }

    public void Restore(StateReader saved)
    {
        saved.Expect("ftrlProximal");
        StepCount = saved.ReadInt32();
        _penaltySum = saved.ReadDouble();
        _store.Restore(saved);
    }

    void FetchAfter(ReadOnlySpan<int> features, int place)
    {
        if (place + Ahead < features.Length) _store.Fetch(features.Slice(place + Ahead, 1));
    }

    void ReadOne(int feature, Span<double> weights)
    {
        var size = _store.YardstickOf(feature);
        var (l2, l1) = (StepCount * _store.L2Of(feature) / (size * size), StepCount * _store.L1Of(feature) / size);
        var sums = _sums.Of(feature);
        var squares = _squares.Of(feature);
        for (var k = 0; k < weights.Length; k++)
        {
            var rest = Math.Abs(sums[k]) - l1;
            weights[k] = rest > 0 ? -Math.CopySign(rest, sums[k]) / ((Beta + Math.Sqrt(squares[k])) / _alpha + l2) / size : 0;
        }
    }

    /// <param name="weights">Of the feature, before the step.</param>
    void Learn(int feature, ReadOnlySpan<double> gradients, ReadOnlySpan<double> weights)
    {
        var size = _store.YardstickOf(feature);
        var sums = _sums.Of(feature);
        var squares = _squares.Of(feature);
        for (var k = 0; k < weights.Length; k++)
        {
            var square = squares[k] + gradients[k] * gradients[k];
            sums[k] += gradients[k] - (Math.Sqrt(square) - Math.Sqrt(squares[k])) / _alpha * weights[k] * size;
            squares[k] = square;
        }
    }

    /// <summary>Keeps the penalty of a feature, and says by how much it changed.</summary>
    double Charge(int feature, ReadOnlySpan<double> weights)
    {
        ref var kept = ref _penalties.Of(feature)[0];
        var penalty = PenaltyOf(feature, weights);
        var change = penalty - kept;
        kept = penalty;
        return change;
    }

    double PenaltyOf(int feature, ReadOnlySpan<double> weights) =>
        new PenaltyFlow(_store.L2Of(feature), _store.L1Of(feature)).ValueOf(weights);
}

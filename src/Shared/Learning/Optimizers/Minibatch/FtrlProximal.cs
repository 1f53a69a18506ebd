using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Follow the regularised leader, proximal form: weights are a formula of sums over gradients, penalties included.</summary>
/// <remarks>
///   σ = (√(n + g²) − √n)/α,  z ← z + g − σw,  n ← n + g²
///   w = −soft(z, tλ₁) / ((β + √n)/α + tλ₂),  soft(z, a) = sign(z)·max(0, |z| − a)
/// McMahan et al., "Ad click prediction: a view from the trenches" (KDD 2013), algorithm 1, with β = 1. Each of the t steps so far counts the
/// penalties of the objective once, as McMahan (AISTATS 2011) has it, since gradients here are means. Columns are taken in units of their
/// yardstick y, as by the other optimisers: g/y, w·y, λ₂/y², λ₁/y. z begins at −w₀·β/α, so that training begins at w₀.
/// </remarks>
public sealed class FtrlProximal : IMinibatchOptimizer
{
    const double Beta = 1;

    readonly MinibatchStart _start;
    readonly IUpdateTransform _before;
    readonly double _alpha;

    // [D + 1][K]
    readonly double[] _sums;
    readonly double[] _squares;

    // Of each feature, its penalty when it was last touched; and their sum.
    readonly double[] _penalties;
    double _penaltySum;

    /// <param name="before">Applied to gradients in units of the yardstick.</param>
    /// <param name="alpha">α, the learning rate; above 0.</param>
    public FtrlProximal(MinibatchStart start, IUpdateTransform before, double alpha)
    {
        (_start, _before, _alpha) = (start, before, alpha);
        _sums = new double[start.Weights.Length];
        _squares = new double[start.Weights.Length];
        _penalties = new double[start.FeatureCount + 1];
        for (var i = 0; i < _sums.Length; i++) _sums[i] = -start.Weights[i] * start.Yardstick[i / ClassCount] * Beta / alpha;
        for (var feature = 0; feature < _penalties.Length; feature++)
            _penaltySum += _penalties[feature] = start.Penalty.ValueOf(feature, start.Weights.AsSpan(feature * ClassCount, ClassCount));
    }

    public int StepCount { get; private set; }

    int ClassCount => _start.ClassCount;

    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var (first, size) = (features[i] * ClassCount, _start.Yardstick[features[i]]);
            var (l2, l1) = PenaltiesOf(features[i]);
            for (var k = 0; k < ClassCount; k++) weights[i * ClassCount + k] = WeightAt(first + k, l2, l1) / size;
        }
    }

    public double Descend(FeatureGradient gradient)
    {
        var (features, gradients) = gradient;
        Charge(features);
        _start.Units.Apply(features, gradients);
        _before.Apply(features, gradients);
        for (var i = 0; i < features.Length; i++)
        {
            var first = features[i] * ClassCount;
            var (l2, l1) = PenaltiesOf(features[i]);
            for (var k = 0; k < ClassCount; k++) Learn(first + k, gradients[i * ClassCount + k], l2, l1);
        }
        StepCount++;
        return _penaltySum;
    }

    public void Save(StateWriter state)
    {
        state.Tag("ftrlProximal");
        state.Write(StepCount);
        state.Write(_penaltySum);
        state.Write(_sums);
        state.Write(_squares);
        state.Write(_penalties);
    }

    public void Restore(StateReader saved)
    {
        saved.Expect("ftrlProximal");
        StepCount = saved.ReadInt32();
        _penaltySum = saved.ReadDouble();
        saved.ReadDoubles(_sums.Length).CopyTo(_sums, 0);
        saved.ReadDoubles(_squares.Length).CopyTo(_squares, 0);
        saved.ReadDoubles(_penalties.Length).CopyTo(_penalties, 0);
    }

    /// <summary>Brings the sum of penalties up to date at these features.</summary>
    void Charge(int[] features)
    {
        Span<double> weights = new double[ClassCount];
        for (var i = 0; i < features.Length; i++)
        {
            Read(features.AsSpan(i, 1), weights);
            var penalty = _start.Penalty.ValueOf(features[i], weights);
            _penaltySum += penalty - _penalties[features[i]];
            _penalties[features[i]] = penalty;
        }
    }

    void Learn(int index, double gradient, double l2, double l1)
    {
        var weight = WeightAt(index, l2, l1);
        var squares = _squares[index] + gradient * gradient;
        _sums[index] += gradient - (Math.Sqrt(squares) - Math.Sqrt(_squares[index])) / _alpha * weight;
        _squares[index] = squares;
    }

    /// <summary>A weight in units of its yardstick.</summary>
    double WeightAt(int index, double l2, double l1)
    {
        var sum = _sums[index];
        var rest = Math.Abs(sum) - l1;
        return rest > 0 ? -Math.CopySign(rest, sum) / ((Beta + Math.Sqrt(_squares[index])) / _alpha + l2) : 0;
    }

    /// <summary>tλ₂ and tλ₁ of a feature in units of its yardstick.</summary>
    (double L2, double L1) PenaltiesOf(int feature)
    {
        var size = _start.Yardstick[feature];
        return (StepCount * _start.Penalty.L2Of(feature) / (size * size), StepCount * _start.Penalty.L1Of(feature) / size);
    }
}

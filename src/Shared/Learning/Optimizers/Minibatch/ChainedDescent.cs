using System.Buffers;
using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>w ← w − η · chain(gradient), with penalties as a flow in the metric of the chain.</summary>
/// <remarks>
/// Weights are kept as they were when their feature was last touched, with the reading of the penalty clock h = Σ η at that time; whoever
/// reads lets them flow up to the clock of today. The flow belonging to a step comes after its update, with the metric after it.
/// </remarks>
public sealed class ChainedDescent : IMinibatchOptimizer
{
    readonly int _classCount;
    readonly IUpdateTransform _chain;
    readonly PenaltyFlow _penalty;
    readonly LearningRate _rate;

    // As of the last touch, [D + 1][K], and the clock then, [D + 1].
    readonly double[] _weights;
    readonly double[] _readings;
    double _clock;

    // Penalties of the weights as stored.
    double _penaltySum;

    public ChainedDescent(MinibatchStart start, IUpdateTransform chain, LearningRate rate)
    {
        (_weights, _classCount, _penalty) = (start.Weights, start.ClassCount, start.Penalty);
        (_chain, _rate) = (chain, rate);
        _readings = new double[start.FeatureCount + 1];
        for (var feature = 0; feature < _readings.Length; feature++) _penaltySum += _penalty.ValueOf(feature, WeightsOf(feature));
    }

    public int StepCount { get; private set; }

    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        for (var i = 0; i < features.Length; i++) WeightsOf(features[i]).CopyTo(weights[(i * _classCount)..]);
        if (_penalty.IsNone || features.IsEmpty) return;

        var rented = ArrayPool<double>.Shared.Rent(features.Length * _classCount);
        var sizes = rented.AsSpan(0, features.Length * _classCount);
        sizes.Fill(1);
        _chain.Measure(features, sizes);
        for (var i = 0; i < features.Length; i++)
        {
            var (first, feature) = (i * _classCount, features[i]);
            _penalty.Flow(feature, weights.Slice(first, _classCount), sizes.Slice(first, _classCount), _clock - _readings[feature]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    public double Descend(FeatureGradient gradient)
    {
        CatchUp(gradient.Features);
        var penaltyBefore = _penaltySum;
        _chain.Apply(gradient.Features, gradient.Values);
        Move(gradient, _rate.At(StepCount++));
        return penaltyBefore;
    }

    public void Save(StateWriter state)
    {
        state.Tag("chainedDescent");
        state.Write(StepCount);
        state.Write(_clock);
        state.Write(_penaltySum);
        state.Write(_weights);
        state.Write(_readings);
        _chain.Save(state);
    }

    public void Restore(StateReader saved)
    {
        saved.Expect("chainedDescent");
        StepCount = saved.ReadInt32();
        _clock = saved.ReadDouble();
        _penaltySum = saved.ReadDouble();
        saved.ReadDoubles(_weights.Length).CopyTo(_weights, 0);
        saved.ReadDoubles(_readings.Length).CopyTo(_readings, 0);
        _chain.Restore(saved);
    }

    /// <summary>Brings the stored weights of these features up to the clock.</summary>
    void CatchUp(int[] features)
    {
        var rented = ArrayPool<double>.Shared.Rent(features.Length * _classCount);
        Read(features, rented);
        for (var i = 0; i < features.Length; i++)
        {
            var feature = features[i];
            var stored = WeightsOf(feature);
            _penaltySum -= _penalty.ValueOf(feature, stored);
            rented.AsSpan(i * _classCount, _classCount).CopyTo(stored);
            _penaltySum += _penalty.ValueOf(feature, stored);
            _readings[feature] = _clock;
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    void Move(FeatureGradient update, double rate)
    {
        for (var i = 0; i < update.Features.Length; i++)
        {
            var feature = update.Features[i];
            var stored = WeightsOf(feature);
            _penaltySum -= _penalty.ValueOf(feature, stored);
            for (var k = 0; k < _classCount; k++) stored[k] -= rate * update.Values[i * _classCount + k];
            _penaltySum += _penalty.ValueOf(feature, stored);
        }
        _clock += rate;
    }

    Span<double> WeightsOf(int feature) => _weights.AsSpan(feature * _classCount, _classCount);
}

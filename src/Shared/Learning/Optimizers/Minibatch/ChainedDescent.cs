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
    /// <summary>Features taken at a time, while the next ones are fetched.</summary>
    const int PieceLength = 32;

    readonly FeatureStore _store;
    readonly int _classCount;
    readonly bool _isPenalized;
    readonly double _decay;
    readonly IUpdateTransform _whole;
    readonly IUpdateTransform _chain;
    readonly LearningRate _rate;

    // As of the last touch; and the clock then.
    readonly FeatureNumbers _weights;
    readonly FeatureNumbers _readings;
    double _clock;

    // Penalties of the weights as stored.
    double _penaltySum;

    /// <param name="store">Of <paramref name="start"/>.</param>
    /// <param name="whole">Applied first, to the whole gradient at once; without state.</param>
    /// <param name="chain">Applied to features by themselves.</param>
    /// <param name="decay">δ, decoupled weight decay; at least 0.</param>
    public ChainedDescent(
        MinibatchStart start, FeatureStore store, IUpdateTransform whole, IUpdateTransform chain, LearningRate rate, double decay = 0)
    {
        (_store, _classCount, _isPenalized, _decay) = (store, start.ClassCount, start.IsPenalized || decay > 0, decay);
        (_whole, _chain, _rate) = (whole, chain, rate);
        (_weights, _readings) = (store.Reserve(_classCount), store.Reserve(1));
        for (var feature = 0; feature < start.FeatureCount; feature++)
        {
            start.Weights.AsSpan(feature * _classCount, _classCount).CopyTo(_weights.Of(feature));
            _penaltySum += FlowOf(feature).ValueOf(_weights.Of(feature));
        }
    }

    public int StepCount { get; private set; }

    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        var sizes = ArrayPool<double>.Shared.Rent(PieceLength * _classCount);
        for (var first = 0; first < features.Length; first += PieceLength)
        {
            var piece = Piece(features, first);
            ReadPiece(piece, weights.Slice(first * _classCount, piece.Length * _classCount), sizes);
        }
        ArrayPool<double>.Shared.Return(sizes);
    }

    public double Descend(FeatureGradient gradient)
    {
        var (features, values) = gradient;
        var rate = _rate.At(StepCount++);
        var scratch = ArrayPool<double>.Shared.Rent(2 * PieceLength * _classCount);
        _whole.Apply(features, values);
        var penalty = _penaltySum;
        for (var first = 0; first < features.Length; first += PieceLength)
        {
            var piece = Piece(features, first);
            penalty += CatchUp(piece, scratch.AsSpan(0, piece.Length * _classCount), scratch.AsSpan(PieceLength * _classCount));
            Move(piece, values.AsSpan(first * _classCount, piece.Length * _classCount), rate);
        }
        ArrayPool<double>.Shared.Return(scratch);
        _clock += rate;
        return penalty;
    }

    public void Save(StateWriter state)
    {
        state.Tag("chainedDescent");
        state.Write(StepCount);
        state.Write(_clock);
        state.Write(_penaltySum);
        _store.Save(state);
    }

    public void Restore(StateReader saved)
    {
        saved.Expect("chainedDescent");
        StepCount = saved.ReadInt32();
        _clock = saved.ReadDouble();
        _penaltySum = saved.ReadDouble();
        _store.Restore(saved);
    }

    /// <summary>The features from <paramref name="first"/> on that are taken together; those after them are fetched.</summary>
    ReadOnlySpan<int> Piece(ReadOnlySpan<int> features, int first)
    {
        var rest = features[first..];
        if (first == 0) _store.Fetch(rest[..Math.Min(PieceLength, rest.Length)]);
        if (rest.Length <= PieceLength) return rest;
        _store.Fetch(rest[PieceLength..Math.Min(2 * PieceLength, rest.Length)]);
        return rest[..PieceLength];
    }

    /// <param name="sizes">Scratch, as long as the weights or longer.</param>
    void ReadPiece(ReadOnlySpan<int> features, Span<double> weights, Span<double> sizes)
    {
        for (var i = 0; i < features.Length; i++)
        {
            // Few numbers: a loop takes less time than the call of a copy.
            var stored = _weights.Of(features[i]);
            for (var k = 0; k < stored.Length; k++) weights[i * _classCount + k] = stored[k];
        }
        if (!_isPenalized) return;

        sizes = sizes[..weights.Length];
        sizes.Fill(1);
        _whole.Measure(features, sizes);
        _chain.Measure(features, sizes);
        for (var i = 0; i < features.Length; i++)
        {
            var (own, length) = (i * _classCount, _clock - _readings.Of(features[i])[0]);
            FlowOf(features[i]).Flow(weights.Slice(own, _classCount), sizes.Slice(own, _classCount), length);
        }
    }

    /// <summary>Brings the stored weights of these features up to the clock, and says by how much their penalties change.</summary>
    double CatchUp(ReadOnlySpan<int> features, Span<double> weights, Span<double> sizes)
    {
        if (!_isPenalized) return 0;

        var change = 0.0;
        ReadPiece(features, weights, sizes);
        for (var i = 0; i < features.Length; i++)
        {
            var flow = FlowOf(features[i]);
            var own = weights.Slice(i * _classCount, _classCount);
            var stored = _weights.Of(features[i]);
            change += flow.ValueOf(own) - flow.ValueOf(stored);
            own.CopyTo(stored);
            _readings.Of(features[i])[0] = _clock;
        }
        _penaltySum += change;
        return change;
    }

    void Move(ReadOnlySpan<int> features, Span<double> updates, double rate)
    {
        _chain.Apply(features, updates);
        for (var i = 0; i < features.Length; i++)
        {
            var flow = FlowOf(features[i]);
            var stored = _weights.Of(features[i]);
            _penaltySum -= flow.ValueOf(stored);
            for (var k = 0; k < _classCount; k++) stored[k] -= rate * updates[i * _classCount + k];
            _penaltySum += flow.ValueOf(stored);
        }
    }

    PenaltyFlow FlowOf(int feature) =>
        new(_store.L2Of(feature), _store.L1Of(feature), _store.IsIntercept(feature) ? 0 : _decay);
}

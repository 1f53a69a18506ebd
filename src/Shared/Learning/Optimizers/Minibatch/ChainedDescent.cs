using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Formats.State;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>w ← w − η · chain(gradient), with penalties as a flow in the metric of the chain.</summary>
/// <remarks>
/// Weights are kept as they were when their feature was last touched, with the metric and with the reading of the penalty clock h = Σ η at
/// that time; whoever reads lets them flow up to the clock of today. The flow belonging to a step comes after its update, with the metric
/// after it. The features of a step are cut into fixed chunks, which threads may share: each writes to its own features, and what chunks
/// say of penalties is added in their order.
/// </remarks>
public sealed unsafe class ChainedDescent : IMinibatchOptimizer
{
    /// <summary>Features taken at a time, while the next ones are fetched.</summary>
    const int PieceLength = 32;

    /// <summary>Features of a chunk.</summary>
    const int ChunkLength = 1024;

    readonly FeatureStore _store;
    readonly int _classCount;
    readonly int _laneCount;
    readonly bool _isPenalized;
    readonly double _decay;
    readonly IUpdateTransform _whole;
    readonly IUpdateTransform _chain;
    readonly LearningRate _rate;
    readonly IParallelFor _parallel;

    // As of the last touch: weights, their metric, and the clock.
    readonly FeatureNumbers _weights;
    readonly FeatureNumbers _sizes;
    readonly FeatureNumbers _readings;
    double _clock;

    // Penalties of the weights as stored.
    double _penaltySum;

    /// <param name="store">Of <paramref name="start"/>.</param>
    /// <param name="whole">Applied first, to the whole gradient at once; without state.</param>
    /// <param name="chain">Applied to features by themselves.</param>
    /// <param name="parallel">For the chunks of a step.</param>
    /// <param name="decay">δ, decoupled weight decay; at least 0.</param>
    public ChainedDescent(
        MinibatchStart start, FeatureStore store, IUpdateTransform whole, IUpdateTransform chain, LearningRate rate,
        IParallelFor parallel, double decay = 0)
    {
        (_store, _classCount, _laneCount) = (store, start.ClassCount, store.LaneCount);
        (_isPenalized, _decay) = (start.IsPenalized || decay > 0, decay);
        (_whole, _chain, _rate, _parallel) = (whole, chain, rate, parallel);
        (_weights, _sizes, _readings) = (store.ReserveByClass(), store.ReserveByClass(isDerived: true), store.Reserve(1));
        for (var feature = 0; feature < start.FeatureCount; feature++)
        {
            start.Weights.AsSpan(feature * _classCount, _classCount).CopyTo(_weights.Of(feature));
            _penaltySum += FlowOf(store.At(feature), feature).ValueOf(_weights.Of(feature));
        }
        MeasureAll();
    }

    public int StepCount { get; private set; }

    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        for (var first = 0; first < features.Length; first += PieceLength)
        {
            FetchFrom(features, first);
            for (var i = first; i < Math.Min(first + PieceLength, features.Length); i++)
                ReadOne(features[i], weights.Slice(i * _classCount, _classCount));
        }
    }

    public double Descend(FeatureGradient gradient)
    {
        var (count, rate) = (gradient.Features.Length, _rate.At(StepCount++));
        _whole.Apply(gradient.Features.Span, gradient.Values.Span);
        var parts = new (double CaughtUp, double Moved)[(count + ChunkLength - 1) / ChunkLength];
        _parallel.Run(parts.Length, chunk =>
        {
            var (first, length) = (chunk * ChunkLength, Math.Min(ChunkLength, count - chunk * ChunkLength));
            parts[chunk] = DescendChunk(
                gradient.Features.Span.Slice(first, length), gradient.Values.Span.Slice(first * _laneCount, length * _laneCount), rate);
        });

        var penalty = _penaltySum;
        foreach (var part in parts)
        {
            penalty += part.CaughtUp;
            _penaltySum += part.CaughtUp + part.Moved;
        }
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
        MeasureAll();
    }

    /// <summary>Asks for the memory of a piece of features: of the first, and of the one after that which begins at a place.</summary>
    void FetchFrom(ReadOnlySpan<int> features, int place)
    {
        if (place == 0) _store.Fetch(features[..Math.Min(PieceLength, features.Length)]);
        var next = Math.Min(place + PieceLength, features.Length);
        _store.Fetch(features[next..Math.Min(next + PieceLength, features.Length)]);
    }

    void ReadOne(int feature, Span<double> weights)
    {
        var own = _store.At(feature);
        var stored = own + _weights.Offset;
        var sizes = own + _sizes.Offset;
        var (flow, length) = (FlowOf(own, feature), _clock - own[_readings.Offset]);
        for (var k = 0; k < _classCount; k += 4)
        {
            var lanes = Vector256.Load(stored + k);
            if (_isPenalized) lanes = flow.Flow(lanes, Vector256.Load(sizes + k), length);
            if (k + 4 <= _classCount) lanes.CopyTo(weights[k..]);
            else for (var lane = 0; lane < _classCount - k; lane++) weights[k + lane] = lanes[lane];
        }
    }

    /// <summary>By how much the penalties of some features change by catching up with the clock, and by the step.</summary>
    (double CaughtUp, double Moved) DescendChunk(ReadOnlySpan<int> features, Span<double> updates, double rate)
    {
        var (caughtUp, moved) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var first = 0; first < features.Length; first += PieceLength)
        {
            FetchFrom(features, first);
            var piece = features[first..Math.Min(first + PieceLength, features.Length)];
            var own = updates.Slice(first * _laneCount, piece.Length * _laneCount);
            if (_isPenalized) caughtUp += CatchUp(piece);
            _chain.Apply(piece, own);
            moved += Move(piece, own, rate);
            if (_isPenalized) Measure(piece, own);
        }
        return (SumOf(caughtUp), SumOf(moved));
    }

    static double SumOf(Vector256<double> lanes) => (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);

    /// <summary>Brings stored weights up to the clock; by how much their penalties change, lane by lane.</summary>
    Vector256<double> CatchUp(ReadOnlySpan<int> features)
    {
        var change = Vector256<double>.Zero;
        foreach (var feature in features)
        {
            var own = _store.At(feature);
            var stored = own + _weights.Offset;
            var sizes = own + _sizes.Offset;
            var (flow, length) = (FlowOf(own, feature), _clock - own[_readings.Offset]);
            for (var end = stored + _laneCount; stored < end; stored += 4, sizes += 4)
            {
                var before = Vector256.Load(stored);
                var after = flow.Flow(before, Vector256.Load(sizes), length);
                change += flow.ValueOf(after) - flow.ValueOf(before);
                after.Store(stored);
            }
            own[_readings.Offset] = _clock;
        }
        return change;
    }

    /// <summary>Makes the step; by how much penalties change, lane by lane.</summary>
    Vector256<double> Move(ReadOnlySpan<int> features, ReadOnlySpan<double> updates, double rate)
    {
        var change = Vector256<double>.Zero;
        fixed (double* first = updates)
        {
            var update = first;
            foreach (var feature in features)
            {
                var own = _store.At(feature);
                var stored = own + _weights.Offset;
                var flow = FlowOf(own, feature);
                for (var end = update + _laneCount; update < end; update += 4, stored += 4)
                {
                    var before = Vector256.Load(stored);
                    var after = before - Vector256.Load(update) * rate;
                    change += flow.ValueOf(after) - flow.ValueOf(before);
                    after.Store(stored);
                }
            }
        }
        return change;
    }

    /// <summary>Takes the metric of features anew.</summary>
    /// <param name="sizes">Scratch, [n][lanes].</param>
    void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        sizes.Fill(1);
        _whole.Measure(features, sizes);
        _chain.Measure(features, sizes);
        for (var i = 0; i < features.Length; i++)
            sizes.Slice(i * _laneCount, _laneCount).CopyTo(new Span<double>(_sizes.At(features[i]), _laneCount));
    }

    void MeasureAll()
    {
        var sizes = new double[_laneCount];
        for (var feature = 0; feature < _store.FeatureCount; feature++) Measure([feature], sizes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    PenaltyFlow FlowOf(double* own, int feature) =>
        new(own[FeatureStore.L2Offset], own[FeatureStore.L1Offset], _store.IsIntercept(feature) ? 0 : _decay);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Formats.State;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>w ← w − η · rule(gradient), with penalties as a flow in the metric of the rule.</summary>
/// <remarks>
/// Weights are kept as they were when their feature was last touched, with the reading of the penalty clock h = Σ η at that time; whoever
/// reads lets them flow up to the clock of today. The flow belonging to a step comes after its update, with the metric after it. Rules
/// work in units of the columns: gradients are divided by the yardstick before, updates after them. Threads may share a step by
/// its parts: each writes to its own features, and what parts say of penalties is added in their order.
/// </remarks>
sealed unsafe class PenalizedDescent<TRule> : IMinibatchOptimizer
    where TRule : struct, IUpdateRule
{
    /// <summary>
    /// Features that are flowed together, one kind of operation after the other: an exponential takes long, but several at once hardly longer.
    /// </summary>
    const int PieceLength = 32;

    /// <summary>Weights of a step's features that are flowed before they are moved, unless one feature has more.</summary>
    const int FlowedLength = 1024;

    readonly FeatureStore _store;
    readonly int _classCount;
    readonly int _laneCount;
    readonly bool _isPenalized;
    readonly bool _hasL1;
    readonly double _decay;
    readonly TRule _rule;
    readonly LearningRate _rate;
    readonly DescentParts _parts;

    // As of the last touch: weights and the clock. Lanes that are weights have all bits set in the mask.
    readonly FeatureNumbers _weights;
    readonly FeatureNumbers _readings;
    readonly AlignedMemory<double> _mask;
    double _clock;

    // Penalties of the weights as stored.
    double _penaltySum;

    // Of the step that is under way.
    double _stepRate;

    /// <param name="store">Of <paramref name="start"/>.</param>
    /// <param name="rule">With its state in <paramref name="store"/>.</param>
    /// <param name="clip">What shortens whole gradients; null: nothing.</param>
    /// <param name="parallel">For the parts of a step.</param>
    /// <param name="decay">δ, decoupled weight decay; at least 0.</param>
    public PenalizedDescent(
        MinibatchStart start, FeatureStore store, TRule rule, LearningRate rate, NormClip? clip, IParallelFor parallel, double decay = 0)
    {
        (_store, _classCount, _laneCount) = (store, start.ClassCount, store.LaneCount);
        (_isPenalized, _decay) = (start.IsPenalized || decay > 0, decay);
        (_rule, _rate, _hasL1) = (rule, rate, start.L1.AsSpan().ContainsAnyExcept(0));
        _parts = new DescentParts(clip, parallel, DescendPart);
        (_weights, _readings) = (store.ReserveByClass(sharesLanes: true), store.Reserve(1));
        _mask = store.LaneMask();
        for (var feature = 0; feature < start.FeatureCount; feature++)
        {
            start.Weights.AsSpan(feature * _classCount, _classCount).CopyTo(_weights.Of(feature));
            _penaltySum += FlowOf(feature).ValueOf(_weights.Of(feature));
        }
    }

    public int StepCount { get; private set; }

    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, features.Length * _classCount);
        for (var first = 0; first < features.Length; first += PieceLength)
            ReadPiece(features, first, Math.Min(PieceLength, features.Length - first), weights);
    }

    public double Descend(IGradientParts gradient)
    {
        _stepRate = _rate.At(StepCount++);
        _parts.Run(gradient);
        var penalty = _penaltySum;
        foreach (var (caughtUp, moved) in _parts.Changes)
        {
            penalty += caughtUp;
            _penaltySum += caughtUp + moved;
        }
        _clock += _stepRate;
        return penalty;
    }

    public void Save(StateWriter state)
    {
        state.Tag("penalizedDescent");
        state.Write(StepCount);
        state.Write(_clock);
        state.Write(_penaltySum);
        _store.Save(state);
    }

    public void Restore(StateReader saved)
    {
        saved.Expect("penalizedDescent");
        StepCount = saved.ReadInt32();
        _clock = saved.ReadDouble();
        _penaltySum = saved.ReadDouble();
        _store.Restore(saved);
    }

    [SkipLocalsInit]
    void ReadPiece(ReadOnlySpan<int> features, int first, int count, Span<double> weights)
    {
        var flowed = stackalloc double[PieceLength * 4];
        var classCount = (nint)_classCount;
        fixed (double* firstWeights = weights)
        {
            for (var lane = 0; lane < classCount; lane += 4)
            {
                Flow(features, first, count, lane, flowed);
                double* own = firstWeights + first * classCount + lane, end = firstWeights + features.Length * classCount;
                for (nint i = 0; i < count; i++, own += classCount)
                {
                    // What a whole vector writes too much the next feature writes over; lanes of the last classes must not do so to the first.
                    if (lane + 4 <= classCount || (lane == 0 && own + 4 <= end)) Vector256.Load(flowed + 4 * i).Store(own);
                    else FeatureStore.CopyLanes(Vector256.Load(flowed + 4 * i), new Span<double>(own, (int)classCount - lane));
                }
            }
        }
    }

    /// <summary>Steps the features of a part, some at a time: they are brought up to the clock, and then moved, while they are near.</summary>
    /// <param name="factor">What clipping multiplies gradients by.</param>
    /// <returns>By how much penalties change by catching up, and by the step.</returns>
    [SkipLocalsInit]
    (double CaughtUp, double Moved) DescendPart(FeatureGradient part, double factor)
    {
        var features = part.Features.Span;
        var flowed = stackalloc double[Math.Max(FlowedLength, _laneCount)];
        var pieceLength = Math.Clamp(FlowedLength / _laneCount, 1, PieceLength);
        Vector256<double> caughtUp = default, moved = default;
        fixed (double* gradients = part.Values.Span)
        {
            for (var first = 0; first < features.Length; first += pieceLength)
            {
                // All classes are flowed before any is moved, and the metric with it.
                var piece = features.Slice(first, Math.Min(pieceLength, features.Length - first));
                for (var lane = 0; lane < _laneCount; lane += 4) Flow(features, first, piece.Length, lane, flowed + lane * pieceLength);
                for (var lane = 0; lane < _laneCount; lane += 4)
                    Move(piece, lane, flowed + lane * pieceLength, gradients + first * _laneCount + lane, factor, ref caughtUp, ref moved);
            }
        }
        return (FeatureStore.SumOf(caughtUp), FeatureStore.SumOf(moved));
    }

    /// <summary>Makes the step of four classes, and adds up, lane by lane, by how much penalties change.</summary>
    /// <param name="lane">The first of the classes. They are taken in ascending order.</param>
    /// <param name="flowed">Their weights at the clock, [features][4].</param>
    /// <param name="gradients">Theirs, of each feature so many numbers further as it has lanes.</param>
    [MethodImpl(Compilation.Full)]
    void Move(
        ReadOnlySpan<int> features, int lane, double* flowed, double* gradients, double factor, ref Vector256<double> caughtUp, ref Vector256<double> moved)
    {
        var (lines, constants, rule, rate, laneCount) = (_store.Lines, _store.Constants, _rule, _stepRate, _laneCount);
        var (weights, reading, clock, mask) = (_weights.Offset + lane, _readings.Offset, _clock, Vector256.Load(_mask.First + lane));
        var (isFirst, isLast, caughtUpHere, movedHere) = (lane == 0, lane + 4 == laneCount, caughtUp, moved);
        for (var i = 0; i < features.Length; i++, gradients += laneCount, flowed += 4)
        {
            var own = lines.At(features[i]);
            ref readonly var constant = ref constants.Of(features[i]);
            var (flow, size) = (new PenaltyFlow(constant.L2, constant.L1), constant.Yardstick);
            if (isFirst) rule.Begin(own);
            var (stored, before) = (Vector256.Load(own + weights), Vector256.Load(flowed));
            var update = rule.Update(own, lane, InUnits(Vector256.Load(gradients), size) * factor);
            var after = before - InUnits(update, size) * rate;
            Vector256.ConditionalSelect(mask, after, stored).Store(own + weights);
            var penalty = flow.ValueOf(before);
            caughtUpHere += penalty - flow.ValueOf(stored & mask);
            movedHere += flow.ValueOf(after) - penalty;
            // After all vectors: one that is loaded when a part of it has just been stored has to wait.
            if (isLast) own[reading] = clock;
        }
        (caughtUp, moved) = (caughtUpHere, movedHere);
    }

    /// <summary>Weights of some features as they are by the clock of today, with nothing changed.</summary>
    /// <param name="features">All that are being read, one after the other; those from <paramref name="first"/> on are asked for.</param>
    /// <param name="count">At most <see cref="PieceLength"/>.</param>
    /// <param name="lane">The first of four classes.</param>
    /// <param name="flowed">Gets [count][4].</param>
    [MethodImpl(Compilation.Full), SkipLocalsInit]
    void Flow(ReadOnlySpan<int> features, int first, int count, int lane, double* flowed)
    {
        var shrinking = stackalloc double[PieceLength * 4];
        var (lines, constants, rule, weights, reading) = (_store.Lines, _store.Constants, _rule, _weights.Offset, _readings.Offset);
        var (isPenalized, decay, clock, mask) = (_isPenalized, _decay, _clock, Vector256.Load(_mask.First + lane));
        for (var i = 0; i < count; i++)
        {
            if (lane == 0) lines.FetchAfter(features, first + i);
            var own = lines.At(features[first + i]);
            (Vector256.Load(own + weights + lane) & mask).Store(flowed + 4 * i);
            if (!isPenalized) continue;
            ref readonly var constant = ref constants.Of(features[first + i]);
            var sizes = SizesOf(rule, own, lane, constant.Yardstick);
            new PenaltyFlow(constant.L2, constant.L1, lines.IsLast(features[first + i]) ? 0 : decay)
                .ShrinkingOf(sizes, clock - own[reading]).Store(shrinking + 4 * i);
        }
        if (!isPenalized) return;

        if (_hasL1)
        {
            FlowTo(features.Slice(first, count), lane, shrinking, flowed);
            return;
        }
        for (var i = 0; i < 4 * count; i += 4)
            (Vector256.Load(flowed + i) * PinnedMath.ExpToOne(-Vector256.Load(shrinking + i))).Store(flowed + i);
    }

    /// <summary>The last part of the flow, where some features have a λ₁.</summary>
    /// <param name="flowed">The weights before; gets those after.</param>
    [MethodImpl(Compilation.Full)]
    void FlowTo(ReadOnlySpan<int> features, int lane, double* shrinking, double* flowed)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var own = _store.At(features[i]);
            var sizes = SizesOf(_rule, own, lane, _store.ConstantOf(features[i]).Yardstick);
            var owed = Vector256.Load(shrinking + 4 * i);
            FlowOf(features[i])
                .FlowOf(Vector256.Load(flowed + 4 * i), sizes, _clock - own[_readings.Offset], owed, PinnedMath.ExpToOne(-owed))
                .Store(flowed + 4 * i);
        }
    }

    /// <summary>The metric of weights: what a gradient of 1 that stays is made into.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> SizesOf(TRule rule, double* own, int lane, double yardstick) =>
        InUnits(rule.SizeOf(own, lane, InUnits(Vector256<double>.One, yardstick)), yardstick);

    /// <summary>Numbers divided by the yardstick; most columns' is 1, and division is dear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> InUnits(Vector256<double> numbers, double yardstick) =>
        yardstick == 1 ? numbers : numbers / Vector256.Create(yardstick);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    PenaltyFlow FlowOf(int feature)
    {
        ref readonly var constant = ref _store.ConstantOf(feature);
        return new(constant.L2, constant.L1, _store.IsIntercept(feature) ? 0 : _decay);
    }
}

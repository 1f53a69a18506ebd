using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Formats.State;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Follow the regularised leader, proximal form: weights are a formula of sums over gradients, penalties included.</summary>
/// <remarks>
///   σ = (√(n + g²) − √n)/α,  z ← z + g − σw,  n ← n + g²
///   w = −soft(z, tλ₁) / ((β + √n)/α + tλ₂),  soft(z, a) = sign(z)·max(0, |z| − a)
/// McMahan et al., "Ad click prediction: a view from the trenches" (KDD 2013), algorithm 1, with β = 1. Each of the t steps so far counts
/// the penalties of the objective once, as McMahan (AISTATS 2011) has it, since gradients here are means. Columns are taken in units of
/// their yardstick y, as by the other optimisers: g/y, w·y, λ₂/y², λ₁/y. z begins at −w₀·β/α, so that training begins at w₀.
/// </remarks>
sealed unsafe class FtrlProximal : IMinibatchOptimizer
{
    const double Beta = 1;

    readonly FeatureStore _store;
    readonly int _classCount;
    readonly int _laneCount;
    readonly double _alpha;
    readonly DescentParts _parts;
    readonly FeatureNumbers _sums;
    readonly FeatureNumbers _squares;
    readonly AlignedMemory<double> _mask;

    // Of each feature, its penalty when it was last touched; and their sum.
    readonly FeatureNumbers _penalties;
    double _penaltySum;

    // Steps before the one that is under way.
    int _stepsBefore;

    /// <param name="store">Of <paramref name="start"/>.</param>
    /// <param name="clip">What shortens whole gradients; null: nothing.</param>
    /// <param name="parallel">For the parts of a step.</param>
    /// <param name="alpha">α, the learning rate; above 0.</param>
    public FtrlProximal(MinibatchStart start, FeatureStore store, NormClip? clip, IParallelFor parallel, double alpha)
    {
        (_store, _classCount, _laneCount, _alpha) = (store, start.ClassCount, store.LaneCount, alpha);
        _parts = new DescentParts(clip, parallel, DescendPart);
        (_sums, _squares, _penalties) = (store.ReserveByClass(sharesLanes: true), store.ReserveByClass(), store.Reserve(1));
        _mask = store.LaneMask();
        for (var feature = 0; feature < start.FeatureCount; feature++)
        {
            var constant = store.ConstantOf(feature);
            var weights = start.Weights.AsSpan(feature * _classCount, _classCount);
            for (var k = 0; k < _classCount; k++) _sums.Of(feature)[k] = -weights[k] * constant.Yardstick * Beta / alpha;
            _penaltySum += _penalties.Of(feature)[0] = new PenaltyFlow(constant.L2, constant.L1).ValueOf(weights);
        }
    }

    public int StepCount { get; private set; }

    [MethodImpl(Compilation.Full)]
    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        var lines = _store.Lines;
        for (var i = 0; i < features.Length; i++)
        {
            lines.FetchAfter(features, i);
            var own = lines.At(features[i]);
            var debt = new Debt(_store.ConstantOf(features[i]), StepCount);
            for (var lane = 0; lane < _classCount; lane += 4)
                FeatureStore.CopyLanes(WeightsOf(own, lane, debt), weights.Slice(i * _classCount + lane, Math.Min(4, _classCount - lane)));
        }
    }

    public double Descend(IGradientParts gradient)
    {
        _stepsBefore = StepCount++;
        _parts.Run(gradient);
        var penalty = 0.0;
        foreach (var (change, _) in _parts.Changes) penalty += change;
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

    /// <summary>Steps the features of a part; by how much their penalties changed since each was last touched.</summary>
    [MethodImpl(Compilation.Full)]
    (double Change, double None) DescendPart(FeatureGradient part, double factor)
    {
        var features = part.Features.Span;
        var (change, lines) = (0.0, _store.Lines);
        fixed (double* first = part.Values.Span)
        {
            var gradients = first;
            for (var i = 0; i < features.Length; i++, gradients += _laneCount)
            {
                lines.FetchAfter(features, i);
                var own = lines.At(features[i]);
                var constant = _store.ConstantOf(features[i]);
                var (flow, debt, values) = (new PenaltyFlow(constant.L2, constant.L1), new Debt(constant, _stepsBefore), Vector256<double>.Zero);
                for (var lane = 0; lane < _laneCount; lane += 4)
                {
                    var weights = WeightsOf(own, lane, debt);
                    values += flow.ValueOf(weights);
                    Learn(own, lane, Vector256.Load(gradients + lane) / Vector256.Create(constant.Yardstick) * factor, weights * constant.Yardstick);
                }
                var penalty = FeatureStore.SumOf(values);
                change += penalty - own[_penalties.Offset];
                own[_penalties.Offset] = penalty;
            }
        }
        return (change, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<double> WeightsOf(double* own, int lane, Debt debt)
    {
        var sums = Vector256.Load(own + _sums.Offset + lane) & Vector256.Load(_mask.First + lane);
        var squares = Vector256.Load(own + _squares.Offset + lane);
        var rest = Vector256.Abs(sums) - Vector256.Create(debt.L1);
        var signed = rest | (~sums & Vector256.Create(-0.0));
        var weights = signed / ((Vector256.Create(Beta) + Vector256.Sqrt(squares)) / Vector256.Create(_alpha) + Vector256.Create(debt.L2));
        return weights / Vector256.Create(debt.Yardstick) & Vector256.GreaterThan(rest, Vector256<double>.Zero);
    }

    /// <param name="weights">Of these lanes before the step, in units of the column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Learn(double* own, int lane, Vector256<double> gradients, Vector256<double> weights)
    {
        double* sums = own + _sums.Offset + lane, squares = own + _squares.Offset + lane;
        var before = Vector256.Load(squares);
        var after = before + gradients * gradients;
        after.Store(squares);
        var shift = (Vector256.Sqrt(after) - Vector256.Sqrt(before)) / Vector256.Create(_alpha) * weights;
        var kept = Vector256.Load(sums);
        Vector256.ConditionalSelect(Vector256.Load(_mask.First + lane), kept + (gradients - shift), kept).Store(sums);
    }

    /// <summary>What a feature's penalties come to after some steps, in units of its column.</summary>
    readonly struct Debt(FeatureConstant constant, int steps)
    {
        public double Yardstick { get; } = constant.Yardstick;

        public double L2 { get; } = steps * constant.L2 / (constant.Yardstick * constant.Yardstick);

        public double L1 { get; } = steps * constant.L1 / constant.Yardstick;
    }
}

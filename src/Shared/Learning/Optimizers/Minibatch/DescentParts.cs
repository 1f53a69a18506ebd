using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Does a step part by part, by as many threads as there are, and keeps what each part says; its memory serves all steps.</summary>
/// <param name="clip">What shortens whole gradients; null: nothing.</param>
/// <param name="descend">Steps a part, its gradients multiplied by a factor; says by how much penalties change, in two sums.</param>
sealed class DescentParts(NormClip? clip, IParallelFor parallel, Func<FeatureGradient, double, (double, double)> descend)
{
    (double, double)[] _changes = [];
    Action<int>? _runPart;
    IGradientParts? _gradient;
    double _factor;
    int _count;

    /// <summary>What the parts of the last step say, in their order.</summary>
    public ReadOnlySpan<(double, double)> Changes => _changes.AsSpan(0, _count);

    public void Run(IGradientParts gradient)
    {
        (_gradient, _count) = (gradient, gradient.PartCount);
        _factor = clip?.FactorOf(gradient, parallel) ?? 1;
        if (_changes.Length < _count) _changes = new (double, double)[_count];
        parallel.Run(_count, _runPart ??= RunPart);
        _gradient = null;
    }

    void RunPart(int part) => _changes[part] = descend(_gradient!.PartAt(part), _factor);
}

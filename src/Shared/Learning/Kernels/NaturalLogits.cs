using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The logits whose softmax is told: probabilities of the data as they occur, whatever weights classes had in training.</summary>
/// <remarks>
/// Training under class weights c makes softmax(z)ₖ an estimate of cₖp̂ₖ, renormalised. So the natural probability is p̂ₖ ∝ softmax(z)ₖ/cₖ,
/// the softmax of zₖ − log cₖ. The label stays the class of the largest z. Without class weights the two are the same.
/// (reference: algorithms, e9.)
/// </remarks>
sealed class NaturalLogits(Targets targets)
{
    readonly double[] _logs = [.. targets.ClassWeights.Select(PinnedMath.Log)];

    /// <summary>z − log c, in place, [K].</summary>
    public void Shift(Span<double> logits)
    {
        for (var k = 0; k < _logs.Length; k++) logits[k] -= _logs[k];
    }
}

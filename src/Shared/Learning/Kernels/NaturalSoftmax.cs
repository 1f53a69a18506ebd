using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The probabilities that are told: those of the data as they occur, whatever weights classes had in training.</summary>
/// <remarks>
/// Training under class weights c makes softmax(z)ₖ an estimate of cₖp̂ₖ, renormalised. So the natural probability is p̂ₖ ∝ softmax(z)ₖ/cₖ,
/// the softmax of zₖ − log cₖ. The label stays the class of the largest z. Without class weights the two are the same.
/// (reference: algorithms, e9.)
/// </remarks>
sealed class NaturalSoftmax(Targets targets)
{
    readonly double[] _logs = [.. targets.ClassWeights.Select(PinnedMath.Log)];

    /// <summary>Whether natural probabilities are the model's own.</summary>
    public bool IsIdentity => _logs.Length == 0;

    /// <summary>p̂ in place of the logits, [K]; gives log Σ exp(ẑ_k − max ẑ), ẑ = z − log c.</summary>
    public double ToProbabilities(Span<double> logits)
    {
        Shift(logits);
        return DoubleSoftmax.ToProbabilities(logits);
    }

    /// <summary>−log p̂ of one class; p̂ in place of the logits.</summary>
    public double LogLoss(int label, Span<double> logits)
    {
        Shift(logits);
        var belowMax = DoubleSoftmax.BelowMax(label, logits);
        return DoubleSoftmax.ToProbabilities(logits) + belowMax;
    }

    void Shift(Span<double> logits)
    {
        for (var k = 0; k < _logs.Length; k++) logits[k] -= _logs[k];
    }
}

using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>update ← −rate · update: the link that makes a chain descend.</summary>
public sealed class ScaleByLearningRate(double rate) : IUpdateTransform
{
    public IUpdateTransform Apply(ReadOnlySpan<double> point, Span<double> updates)
    {
        for (var i = 0; i < updates.Length; i++) updates[i] *= -rate;
        return this;
    }

    public void Save(StateWriter state)
    {
    }

    public IUpdateTransform Restore(StateReader saved) => this;
}

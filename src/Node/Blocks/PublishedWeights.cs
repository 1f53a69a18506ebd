using DistTrain.Learning;
using DistTrain.Protocol;

namespace DistTrain.Node.Blocks;

/// <summary>The current parameters, for workers that ask for some features of them. Thread-safe.</summary>
public sealed class PublishedWeights : IWeightSupplier
{
    volatile Current? _current;

    /// <summary>From now on this version is answered, and no other.</summary>
    /// <param name="parameters">
    /// Numbers or a source. What is read while that changes is of an evaluation that nobody waits for any more.
    /// </param>
    public void Publish(RunId run, Term term, long version, Parameters parameters) =>
        _current = new Current(run, term, version, parameters);

    /// <summary>Answers nobody.</summary>
    public void Withdraw() => _current = null;

    public bool TryRead(RunId run, Term term, long version, ReadOnlySpan<int> features, Span<double> weights)
    {
        var current = _current;
        if (current is null || current.Run != run || current.Term != term || current.Version != version) return false;

        var shape = current.Parameters.Shape;
        if (weights.Length != (long)features.Length * shape.ClassCount || HasForeign(features, shape)) return false;

        current.Parameters.Read(features, weights);
        return ReferenceEquals(_current, current); // Else it may be the next version's, half of it.
    }

    static bool HasForeign(ReadOnlySpan<int> features, ModelShape shape)
    {
        foreach (var feature in features)
        {
            if ((uint)feature > (uint)shape.FeatureCount) return true;
        }
        return false;
    }

    sealed record Current(RunId Run, Term Term, long Version, Parameters Parameters);
}

namespace DistTrain.Node.Blocks;

/// <summary>Whether a node can do its work, for those who watch it from outside. Thread-safe.</summary>
public sealed class NodeReadiness
{
    volatile string? _missing = "starting";

    /// <summary>What is missing; null where the node is ready.</summary>
    public string? Missing => _missing;

    public void IsReady() => _missing = null;

    /// <param name="missing">In a few words, one line.</param>
    public void IsNotReady(string missing) => _missing = missing;
}

namespace DistTrain.Node.Cluster;

/// <summary>What a node of a cluster is there for: its Akka role.</summary>
public static class NodeRoles
{
    /// <summary>May conduct runs: the oldest of them does, the others wait.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Computes.</summary>
    public const string Worker = "worker";
}

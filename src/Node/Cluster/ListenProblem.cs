using System.Net.Sockets;
using DistTrain.Problems;

namespace DistTrain.Node.Cluster;

/// <summary>What is said where a node cannot listen where it is told to.</summary>
public static class ListenProblem
{
    /// <summary>The problem that a failed start tells of: DT3034, exit 3; null where it failed for another cause.</summary>
    public static Problem? In(Exception failure, ClusterNodeOptions node) => CauseOf<SocketException>(failure) is not { } refused ? null : new(
        "DT3034", ExitCode.Configuration, $"cannot listen at {node.Bind}, port {node.Port} or {node.HttpPort}: {refused.Message}",
        "expected: an address of this machine, and ports that no other process has",
        "fix: --port 0 and --http-port 0 take any free ones");

    static T? CauseOf<T>(Exception failure) where T : Exception => failure switch
    {
        T cause => cause,
        AggregateException many => many.InnerExceptions.Select(CauseOf<T>).FirstOrDefault(cause => cause is not null),
        { InnerException: { } inner } => CauseOf<T>(inner),
        _ => null,
    };
}

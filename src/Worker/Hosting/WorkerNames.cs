using System.Globalization;
using System.Security.Cryptography;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;

namespace DistTrain.Worker.Hosting;

/// <summary>How workers of other processes are called in logs and reports.</summary>
static class WorkerNames
{
    /// <summary>
    /// host:port where the port was chosen by somebody, so that the next process at that place counts as the same worker, started again; else
    /// a name that no other process has.
    /// </summary>
    public static WorkerId Of(ClusterNodeOptions options)
    {
        var host = NodeEndpoint.IsLoopback(options.Host) ? Environment.MachineName : options.Host;
        return new WorkerId(options.Port != 0
            ? string.Create(CultureInfo.InvariantCulture, $"{host}:{options.Port}")
            : $"{host}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
    }
}

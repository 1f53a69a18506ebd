using System.Net;
using System.Net.Sockets;

namespace DistTrain.FaultHarness.Runs;

/// <summary>Ports of this machine that nobody listens on.</summary>
static class Ports
{
    /// <summary>A restarted coordinator must have the port it had, so the system may not choose one each time.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

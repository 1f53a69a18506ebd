using System.Diagnostics.Metrics;

namespace DistTrain.Node.Blocks;

/// <summary>What a node's data plane has moved.</summary>
public sealed class PlaneMeters
{
    readonly Counter<long> _sent;
    readonly Counter<long> _fetched;
    readonly Counter<long> _missed;

    public PlaneMeters(IMeterFactory meters, BlockStore blocks)
    {
        var meter = meters.Create("DistTrain.Plane");
        _sent = meter.CreateCounter<long>("disttrain.plane.sent", "By", "Bytes given to other nodes, by what they were.");
        _fetched = meter.CreateCounter<long>("disttrain.plane.fetched", "By", "Bytes of blocks and files fetched from other nodes.");
        _missed = meter.CreateCounter<long>("disttrain.plane.missed", null, "Blocks and files that no source gave in time.");
        meter.CreateObservableGauge("disttrain.plane.kept", () => blocks.Bytes, "By", "Bytes of blocks that wait to be fetched.");
    }

    internal void Sent(string kind, long bytes) => _sent.Add(bytes, new KeyValuePair<string, object?>("kind", kind));

    internal void Fetched(long bytes) => _fetched.Add(bytes);

    internal void Missed() => _missed.Add(1);
}

using System.Diagnostics.Metrics;

namespace DistTrain.Node.Blocks;

/// <summary>What a node's data plane has moved.</summary>
public sealed class PlaneMeters
{
    readonly Counter<long> _sent;
    readonly Counter<long> _fetched;
    readonly Counter<long> _missed;
    long _sentBytes;
    long _fetchedBytes;

    public PlaneMeters(IMeterFactory meters, BlockStore blocks)
    {
        var meter = meters.Create("DistTrain.Plane");
        _sent = meter.CreateCounter<long>("disttrain.plane.sent", "By", "Bytes given to other nodes, by what they were.");
        _fetched = meter.CreateCounter<long>("disttrain.plane.fetched", "By", "Bytes of blocks and files fetched from other nodes.");
        _missed = meter.CreateCounter<long>("disttrain.plane.missed", null, "Blocks and files that no source gave in time.");
        meter.CreateObservableGauge("disttrain.plane.kept", () => blocks.Bytes, "By", "Bytes of blocks that wait to be fetched.");
    }

    /// <summary>Bytes given to other nodes so far.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Bytes of blocks and files fetched from other nodes so far.</summary>
    public long FetchedBytes => Interlocked.Read(ref _fetchedBytes);

    internal void Sent(string kind, long bytes)
    {
        Interlocked.Add(ref _sentBytes, bytes);
        _sent.Add(bytes, new KeyValuePair<string, object?>("kind", kind));
    }

    internal void Fetched(long bytes)
    {
        Interlocked.Add(ref _fetchedBytes, bytes);
        _fetched.Add(bytes);
    }

    internal void Missed() => _missed.Add(1);
}

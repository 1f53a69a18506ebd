using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DistTrain.Learning;

namespace DistTrain.Protocol.Wire;

/// <summary>The rows of joining and leaving.</summary>
static class JoiningRows
{
    const int ThreadsMax = 1 << 16;

    public static ImmutableArray<WireRow> All { get; } =
    [
        new WireRow<WorkerJoining>("WJ", 8, WriteJoining, ReadJoining),
        new WireRow<WorkerAdmitted>("WA", 6, WriteAdmitted, ReadAdmitted),
        new WireRow<WorkerRefused>("WR", 4, WriteRefused, ReadRefused),
        new WireRow<WorkerDismissed>("WD", 4, WriteDismissed, ReadDismissed),
        new WireRow<WorkerLeaving>("WL", 3, WriteLeaving, ReadLeaving),
        new WireRow<TermAlive>("TA", 2, WriteAlive, ReadAlive),
    ];

    static void WriteJoining(ref WireWriter to, WorkerJoining message)
    {
        to.Name(message.Worker.Name);
        to.Number(message.Incarnation);
        to.Number(message.ProtocolVersion);
        to.Token(message.ArithmeticHash);
        to.Number(message.Threads);
        to.TokenOrAbsent(message.DatasetFingerprint);
        to.Shards(message.Cached);
        to.AddressOrAbsent(message.BlockAddress);
    }

    static WorkerJoining ReadJoining(ref WireReader from) =>
        new(from.Worker(), from.Count("Incarnation"), from.Index("Protocol version"), from.Token(), from.Threads())
        {
            DatasetFingerprint = from.TokenOrAbsent(),
            Cached = from.Shards(),
            BlockAddress = from.AddressOrAbsent(),
        };

    static int Threads(this ref WireReader from) => (int)from.Number(1, ThreadsMax, "Threads");

    static void WriteAdmitted(ref WireWriter to, WorkerAdmitted message)
    {
        to.Order(message);
        to.Name(message.Worker.Name);
        to.Number(message.Incarnation);
        to.Targets(message.Targets);
        if (message.Dataset is { } dataset) to.Dataset(dataset);
        else to.Absent();
    }

    static WorkerAdmitted ReadAdmitted(ref WireReader from) =>
        new(from.Run(), from.Term(), from.Worker(), from.Count("Incarnation"), from.Targets())
        {
            Dataset = from.IsAbsent() ? null : from.Dataset(),
        };

    static void WriteRefused(ref WireWriter to, WorkerRefused message)
    {
        to.Order(message);
        to.Name(message.Worker.Name);
        to.Text(message.Reason);
    }

    static WorkerRefused ReadRefused(ref WireReader from) => new(from.Run(), from.Term(), from.Worker(), from.Text());

    static void WriteDismissed(ref WireWriter to, WorkerDismissed message)
    {
        to.Order(message);
        to.Name(message.Worker.Name);
        to.Text(message.Reason);
    }

    static WorkerDismissed ReadDismissed(ref WireReader from) => new(from.Run(), from.Term(), from.Worker(), from.Text());

    static void WriteLeaving(ref WireWriter to, WorkerLeaving message)
    {
        to.Name(message.Worker.Name);
        to.Number(message.Incarnation);
        to.TextOrAbsent(message.Reason);
    }

    static WorkerLeaving ReadLeaving(ref WireReader from) => new(from.Worker(), from.Count("Incarnation")) { Reason = from.TextOrAbsent() };

    static void WriteAlive(ref WireWriter to, TermAlive message) => to.Order(message);

    static TermAlive ReadAlive(ref WireReader from) => new(from.Run(), from.Term());

    static void Targets(this ref WireWriter to, Targets targets)
    {
        to.Fields(2);
        to.Real(targets.LabelSmoothing);
        to.Reals(targets.ClassWeights.AsSpan());
    }

    static Targets Targets(this ref WireReader from)
    {
        from.Fields(2);
        var smoothing = from.Real("Label smoothing");
        var weights = from.Reals("Class weights");
        return smoothing is >= 0 and < 1 && Array.TrueForAll(weights, weight => weight > 0)
            ? new Targets(smoothing, ImmutableCollectionsMarshal.AsImmutableArray(weights))
            : throw new WireException("Label smoothing is not in [0, 1), or a class weight is not above 0.");
    }

    static void Dataset(this ref WireWriter to, DatasetOffer offer)
    {
        to.Fields(4);
        to.Token(offer.Fingerprint);
        to.Token(offer.ManifestHash);
        to.Path(offer.Path);
        to.Addresses(offer.Sources.AsSpan());
    }

    static DatasetOffer Dataset(this ref WireReader from)
    {
        from.Fields(4);
        return new DatasetOffer(from.Token(), from.Token(), from.Path(), [.. from.Addresses()]);
    }
}

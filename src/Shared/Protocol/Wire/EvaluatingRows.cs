using System.Collections.Immutable;

namespace DistTrain.Protocol.Wire;

/// <summary>The rows of evaluations, but for what has blocks (<see cref="OfferingRows"/>).</summary>
static class EvaluatingRows
{
    public static ImmutableArray<WireRow> All { get; } =
    [
        new WireRow<ComputeShards>("CS", 7, WriteCompute, ReadCompute),
        new WireRow<ComputeFailed>("CF", 7, WriteFailed, ReadFailed),
        new WireRow<ParametersMissing>("PM", 5, WriteMissing, ReadMissing),
        new WireRow<ShardsRecalled>("SR", 4, WriteRecalled, ReadRecalled),
        new WireRow<ShardsReturned>("ST", 5, WriteReturned, ReadReturned),
        new WireRow<WorkGoesOn>("WG", 4, WriteGoesOn, ReadGoesOn),
        new WireRow<EvaluationClosed>("EC", 3, WriteClosed, ReadClosed),
        new WireRow<RunEnded>("RE", 2, WriteEnded, ReadEnded),
    ];

    static void WriteCompute(ref WireWriter to, ComputeShards message)
    {
        to.Order(message);
        to.Number(message.Evaluation.Number);
        to.Number(message.Version);
        to.Request(message.Request);
        to.Shards(message.Shards);
        to.Flag(message.Uncombined);
    }

    static ComputeShards ReadCompute(ref WireReader from) => new(
        from.Run(), from.Term(), from.Evaluation(), from.Count("Version"), from.Request(), from.Shards(), from.Flag());

    static void WriteFailed(ref WireWriter to, ComputeFailed message)
    {
        to.Answer(message);
        to.Shards(message.Shards);
        to.Text(message.Error);
        if (message.Problem is { } problem) to.Problem(problem);
        else to.Absent();
    }

    static ComputeFailed ReadFailed(ref WireReader from) => new(
        from.Run(), from.Term(), from.Evaluation(), from.Worker(), from.Shards(), from.Text(), from.IsAbsent() ? null : from.Problem());

    static void WriteMissing(ref WireWriter to, ParametersMissing message)
    {
        to.Answer(message);
        to.Number(message.Version);
    }

    static ParametersMissing ReadMissing(ref WireReader from) =>
        new(from.Run(), from.Term(), from.Evaluation(), from.Worker(), from.Count("Version"));

    static void WriteRecalled(ref WireWriter to, ShardsRecalled message)
    {
        to.Order(message);
        to.Number(message.Evaluation.Number);
        to.Shards(message.Shards);
    }

    static ShardsRecalled ReadRecalled(ref WireReader from) => new(from.Run(), from.Term(), from.Evaluation(), from.Shards());

    static void WriteReturned(ref WireWriter to, ShardsReturned message)
    {
        to.Answer(message);
        to.Shards(message.Shards);
    }

    static ShardsReturned ReadReturned(ref WireReader from) =>
        new(from.Run(), from.Term(), from.Evaluation(), from.Worker(), from.Shards());

    static void WriteGoesOn(ref WireWriter to, WorkGoesOn message) => to.Answer(message);

    static WorkGoesOn ReadGoesOn(ref WireReader from) => new(from.Run(), from.Term(), from.Evaluation(), from.Worker());

    static void WriteClosed(ref WireWriter to, EvaluationClosed message)
    {
        to.Order(message);
        to.Number(message.Evaluation.Number);
    }

    static EvaluationClosed ReadClosed(ref WireReader from) => new(from.Run(), from.Term(), from.Evaluation());

    static void WriteEnded(ref WireWriter to, RunEnded message) => to.Order(message);

    static RunEnded ReadEnded(ref WireReader from) => new(from.Run(), from.Term());
}

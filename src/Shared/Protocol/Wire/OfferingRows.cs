using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DistTrain.Learning;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Protocol.Wire;

/// <summary>The rows of what has blocks within it, or their tickets.</summary>
static class OfferingRows
{
    public static ImmutableArray<WireRow> All { get; } =
    [
        new WireRow<ParametersOffered>("PO", 5, WriteParameters, ReadParameters),
        new WireRow<ContributionOffered>("CO", 8, WriteContribution, ReadContribution),
        new WireRow<CombiningAssigned>("CA", 4, WriteCombining, ReadCombining),
        new WireRow<BlockTaken>("BT", 1, WriteTaken, ReadTaken),
        new WireRow<MessageOffered>("MO", 2, WriteMessage, ReadMessage),
    ];

    static void WriteParameters(ref WireWriter to, ParametersOffered message)
    {
        to.Order(message);
        to.Number(message.Version);
        if (message.Numbers is { } numbers) to.Passing(numbers);
        else to.Absent();
        to.Flag(message.IsShared);
    }

    static ParametersOffered ReadParameters(ref WireReader from) =>
        new(from.Run(), from.Term(), from.Count("Version"), from.IsAbsent() ? null : from.Passing()) { IsShared = from.Flag() };

    static void WriteContribution(ref WireWriter to, ContributionOffered message)
    {
        to.Answer(message);
        to.Number((int)message.Kind);
        to.Shards(message.Shards);
        to.Passing(message.Sums);
        to.Fields(message.Parts.Length);
        foreach (var part in message.Parts) to.Part(part);
    }

    static ContributionOffered ReadContribution(ref WireReader from) => new(
        from.Run(), from.Term(), from.Evaluation(), from.Worker(), from.Known<EvaluationKind>(), from.Shards(), from.Passing())
    {
        Parts = from.Parts(),
    };

    static void Part(this ref WireWriter to, ContributionPart part)
    {
        to.Fields(2);
        to.Name(part.Worker.Name);
        to.Shards(part.Shards);
    }

    static ImmutableArray<ContributionPart> Parts(this ref WireReader from)
    {
        var parts = new ContributionPart[from.List(WireRules.PartsMax)];
        for (var i = 0; i < parts.Length; i++)
        {
            from.Fields(2);
            parts[i] = new ContributionPart(from.Worker(), from.Shards());
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(parts);
    }

    static void WriteCombining(ref WireWriter to, CombiningAssigned message)
    {
        to.Order(message);
        if (message.Combiner is { } combiner) to.Path(combiner);
        else to.Absent();
        to.Number(message.MemberCount);
    }

    static CombiningAssigned ReadCombining(ref WireReader from) =>
        new(from.Run(), from.Term(), from.IsAbsent() ? null : from.Path(), (int)from.Number(0, WireRules.PartsMax, "The number of members"));

    static void WriteTaken(ref WireWriter to, BlockTaken message) => to.Token(message.Hash);

    static BlockTaken ReadTaken(ref WireReader from) => new(from.Token());

    static void WriteMessage(ref WireWriter to, MessageOffered message)
    {
        to.Token(message.Manifest);
        to.Ticket(message.Bytes);
    }

    static MessageOffered ReadMessage(ref WireReader from) => new(from.Token(), from.Ticket());

    static void Passing(this ref WireWriter to, BlockPassing passing)
    {
        WireRules.InRange(passing.Inline.Length, 0, BlockPassing.InlineMax, "The number of bytes of a block within a message");
        if (passing.Ticket is { } ticket) to.Ticket(ticket);
        else to.Bytes(passing.Inline.Span);
    }

    static BlockPassing Passing(this ref WireReader from) =>
        from.IsBytes() ? new BlockPassing(from.Bytes(BlockPassing.InlineMax), null) : new BlockPassing(default, from.Ticket());

    static void Ticket(this ref WireWriter to, Ticket ticket)
    {
        to.Fields(3);
        to.Token(ticket.Hash);
        to.Number(ticket.Length);
        to.Addresses(ticket.Sources.AsSpan());
    }

    static Ticket Ticket(this ref WireReader from)
    {
        from.Fields(3);
        return new Ticket(from.Token(), from.Number(0, WireRules.BlockBytesMax, "The length of a block"), [.. from.Addresses()]);
    }
}

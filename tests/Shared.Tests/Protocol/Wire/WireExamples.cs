using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Online;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Protocol.Wire;

/// <summary>Messages of every type that travels.</summary>
static class WireExamples
{
    static readonly RunId Run = new("r1");
    static readonly Term Term = new(2);
    static readonly EvaluationId Evaluation = new(3);
    static readonly WorkerId Worker = new("w1");
    static readonly Ticket Ticket = new("00112233445566778899aabbccddeeff", 96_000_128, ["http://a:1", "http://b.example:65535"]);

    static readonly Problem Problem =
        new("DT4001", ExitCode.Input, "train.csv:7: bad cell", "expected: a number", "fix: mend it") { File = "train.csv", Line = 7 };

    static readonly Penalty Penalty = new([0.5, 0], [0.25, 0], [false, true]);

    public static ImmutableArray<(string Name, IProtocolMessage Message)> All { get; } =
    [
        ("joining", new WorkerJoining(Worker, 638_000_000_000_000_000, 2, "abc123", 8)),
        ("joining again", new WorkerJoining(Worker, 1, 2, "abc123", 1)
        {
            DatasetFingerprint = "f00d",
            Cached = Shards(0, 1, 2, 3, 7, 64, 65),
            BlockAddress = "http://10.0.0.7:4054",
        }),
        ("admitted", new WorkerAdmitted(Run, Term, Worker, 1, Targets.Plain)),
        ("admitted with class weights and a dataset", new WorkerAdmitted(Run, Term, Worker, 1, new Targets(0.125, [1, 2.5]))
        {
            Dataset = new DatasetOffer("f00d", "0badcafe", "/data/größe", ["http://a:1"]),
        }),
        ("refused", new WorkerRefused(Run, Term, Worker, "another protocol")),
        ("dismissed", new WorkerDismissed(Run, Term, Worker, "two lines\nof text")),
        ("leaving", new WorkerLeaving(Worker, 1)),
        ("leaving with a reason", new WorkerLeaving(Worker, 1) { Reason = "no dataset" }),
        ("alive", new TermAlive(Run, Term)),
        ("lease of a gradient", Lease(new(EvaluationKind.Gradient))),
        ("lease of a batch", Lease(new(EvaluationKind.Batch, Batch: new BatchPosition(4, 5, 6, ulong.MaxValue)))),
        ("lease of entropies", Lease(new(EvaluationKind.Entropy, Mix: new CertificateMix([0.5, 0], [0, 1], 0.25)))),
        ("lease of an online pass", Lease(new(EvaluationKind.Online) { Online = new OnlinePass(Penalty, 0.5, 64) })),
        ("lease of a ranking", Lease(
            new(EvaluationKind.Ranking, DatasetPart.Validation) { FirstRankedClass = 8, InverseTemperature = 1.5 })),
        ("failed", new ComputeFailed(Run, Term, Evaluation, Worker, Shards(5), "out of luck")),
        ("failed with its problem", new ComputeFailed(Run, Term, Evaluation, Worker, Shards(5), "bad cell", Problem)),
        ("parameters missing", new ParametersMissing(Run, Term, Evaluation, Worker, 9)),
        ("recalled", new ShardsRecalled(Run, Term, Evaluation, Shards(0, 1, 2, 9))),
        ("returned", new ShardsReturned(Run, Term, Evaluation, Worker, Shards(9))),
        ("goes on", new WorkGoesOn(Run, Term, Evaluation, Worker)),
        ("closed", new EvaluationClosed(Run, Term, Evaluation)),
        ("ended", new RunEnded(Run, Term)),
        ("parameters, within", new ParametersOffered(Run, Term, 9, new BlockPassing(new byte[] { 1, 2, 3 }, null))),
        ("parameters, by ticket", new ParametersOffered(Run, Term, 9, new BlockPassing(default, Ticket))),
        ("parameters, asked for", new ParametersOffered(Run, Term, 9, null)),
        ("parameters, shared", new ParametersOffered(Run, Term, 9, new BlockPassing(default, Ticket)) { IsShared = true }),
        ("contribution, within", new ContributionOffered(
            Run, Term, Evaluation, Worker, EvaluationKind.Closing, Shards(1, 3, 5, 7, 9, 11), new BlockPassing(new byte[] { 4, 5 }, null))),
        ("contribution, by ticket", new ContributionOffered(
            Run, Term, Evaluation, Worker, EvaluationKind.Gradient, ShardSet.UpTo(1000), new BlockPassing(default, Ticket))),
        ("contribution of two", new ContributionOffered(
            Run, Term, Evaluation, Worker, EvaluationKind.Gradient, ShardSet.UpTo(4), new BlockPassing(default, Ticket))
        {
            Parts = [new ContributionPart(Worker, Shards(0, 1)), new ContributionPart(new WorkerId("w2"), Shards(2, 3))],
        }),
        ("combining by another", new CombiningAssigned(Run, Term, "akka.tcp://disttrain@a:4053/user/gate#7", 0)),
        ("combining itself", new CombiningAssigned(Run, Term, null, 5)),
        ("taken", new BlockTaken(Ticket.Hash)),
        ("message offered", new MessageOffered("CS", Ticket)),
    ];

    public static TheoryData<string> Names => [.. All.Select(example => example.Name)];

    public static IProtocolMessage Named(string name) => All.Single(example => example.Name == name).Message;

    public static ShardSet Shards(params IEnumerable<int> indexes) => ShardSet.Of(indexes.Select(index => new ShardId(index)));

    static ComputeShards Lease(EvaluationRequest request) => new(Run, Term, Evaluation, 9, request, Shards(0, 1, 2, 9), Uncombined: true);
}

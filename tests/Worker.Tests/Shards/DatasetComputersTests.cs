using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Formats.Datasets;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Worker.Shards;
using DistTrain.Worker.Tests.Testing;

namespace DistTrain.Worker.Tests.Shards;

public sealed class DatasetComputersTests
{
    static readonly PlainProblem Problem = PlainProblem.Random(seed: 3, rowCount: 20, featureCount: 2, classCount: 3);
    static readonly DatasetOffer Offer = new("f1", "m1", "/somewhere", ["http://a:1"]);

    [Fact]
    public async Task A_dataset_is_opened_once_and_stays_open_until_it_is_forgotten()
    {
        var opener = new StubOpener(Problem, 12, 8);
        var computers = new DatasetComputers(opener);
        Assert.Null(computers.Fingerprint);
        Assert.Null(computers.Shape);
        Assert.True(computers.Cached.IsEmpty);

        var first = await computers.OpenAsync(Admission(Offer), default);
        Assert.Equal(new ModelShape(3, 2), first.Shape);
        Assert.Same(first, await computers.OpenAsync(Admission(Offer with { Sources = ["http://b:2"] }), default));
        Assert.Equal(("f1", new ModelShape(3, 2), ShardSet.UpTo(2)), (computers.Fingerprint, computers.Shape, computers.Cached));
        Assert.Equal(1, opener.Count);

        await computers.OpenAsync(Admission(Offer with { Fingerprint = "f2" }), default);
        Assert.Equal(("f2", 2), (computers.Fingerprint, opener.Count));
        computers.Forget();
        Assert.Null(computers.Fingerprint);
    }

    [Fact]
    public async Task Shards_that_are_missing_are_fetched_from_the_coordinator_that_admitted_it_last()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"cache-{Guid.NewGuid():N}");
        try
        {
            var files = new FilesOfCoordinator(StoredExamples.Of("numbers"));
            using var cache = new ShardCache(new ShardCacheOptions { Folder = folder }, files);
            var computers = new DatasetComputers(cache);
            var computer = await computers.OpenAsync(Admission(files.Offer), default);

            files.MoveTo("http://127.0.0.1:2");
            await computers.OpenAsync(Admission(files.Offer), default);

            var sums = new EvaluationSums(computer.Shape, EvaluationKind.Gradient);
            computer.Compute(new EvaluationRequest(EvaluationKind.Gradient), new Parameters(computer.Shape), new ShardId(0), sums);
            Assert.Contains("training-00000.arrow", files.Fetched);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_run_without_a_dataset_is_refused()
    {
        var refused = await Assert.ThrowsAsync<DistTrainException>(
            async () => await new DatasetComputers(new StubOpener(Problem)).OpenAsync(Admission(null), default));
        Assert.Equal("DT3302", refused.Problem.Code);
    }

    static WorkerAdmitted Admission(DatasetOffer? offer) =>
        new(new RunId("r"), Term.First, new WorkerId("w"), 1, Targets.Plain) { Dataset = offer };
}

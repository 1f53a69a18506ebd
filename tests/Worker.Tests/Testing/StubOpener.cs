using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Worker.Shards;

namespace DistTrain.Worker.Tests.Testing;

/// <summary>Opens a problem cut into shards, whatever is offered.</summary>
sealed class StubOpener(PlainProblem problem, params int[] shardRows) : IDatasetOpener
{
    int _count;

    /// <summary>How often it was asked.</summary>
    public int Count => _count;

    public Task<OpenedDataset> OpenAsync(DatasetOffer offer, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _count);
        var shards = ShardSet.UpTo(shardRows.Length);
        return Task.FromResult(new OpenedDataset(problem.Manifest(null, shardRows), new PlainShards(problem, shardRows), () => shards));
    }

    /// <summary>The arithmetic that whoever opens it comes to.</summary>
    public IShardComputer ComputerOf(Targets targets) =>
        new ShardComputer(new PlainShards(problem, shardRows), problem.Manifest(null, shardRows), targets);
}

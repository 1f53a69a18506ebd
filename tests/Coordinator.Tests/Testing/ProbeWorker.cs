using Akka.Actor;
using Akka.TestKit;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;

namespace DistTrain.Coordinator.Tests.Testing;

/// <summary>A worker played by the test, one message at a time; its sums are those of <see cref="CountingTrainer"/>.</summary>
public sealed class ProbeWorker(TestProbe probe, IActorRef training, string name)
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    ParametersPublished? _published;

    public TestProbe Probe => probe;

    public async Task JoinAsync(int threads = 1, long incarnation = 1)
    {
        training.Tell(new WorkerJoining(new WorkerId(name), incarnation, ProtocolVersion.Current, "hash", threads), probe);
        await probe.ExpectMsgAsync<WorkerAdmitted>(Deadline);
    }

    /// <summary>The next lease; keeps parameters that come before it.</summary>
    public async Task<ComputeShards> LeaseAsync()
    {
        var order = await probe.ExpectMsgAsync<IWorkerOrder>(Deadline);
        if (order is ParametersPublished published)
        {
            _published = published;
            order = await probe.ExpectMsgAsync<IWorkerOrder>(Deadline);
        }
        return Assert.IsType<ComputeShards>(order);
    }

    public void Answer(ComputeShards lease)
    {
        if (!lease.Uncombined) Send(lease, lease.Shards);
        else foreach (var shard in lease.Shards) Send(lease, ShardSet.Of(shard));
    }

    /// <summary>Sums over shards, asked for or not.</summary>
    public void Send(ComputeShards lease, ShardSet shards) => Send(lease, shards, SumsOf(lease, shards));

    public void Send(ComputeShards lease, ShardSet shards, EvaluationSums sums) => training.Tell(
        new ContributionComputed(lease.Run, lease.Term, lease.Evaluation, new WorkerId(name), new Contribution(shards, sums)), probe);

    public void Fail(ComputeShards lease, string error) =>
        training.Tell(new ComputeFailed(lease.Run, lease.Term, lease.Evaluation, new WorkerId(name), lease.Shards, error), probe);

    /// <summary>Answers every lease until the run ends.</summary>
    public async Task WorkToTheEndAsync()
    {
        while (true)
        {
            switch (await probe.ExpectMsgAsync<IWorkerOrder>(Deadline))
            {
                case ParametersPublished published: _published = published; break;
                case ComputeShards lease: Answer(lease); break;
                case RunEnded: return;
            }
        }
    }

    EvaluationSums SumsOf(ComputeShards lease, ShardSet shards)
    {
        Assert.Equal(lease.Version, _published!.Version);
        var sums = new EvaluationSums(CountingTrainer.Shape, lease.Request.Kind);
        foreach (var shard in shards) sums.Add(CountingTrainer.SumsOf(lease.Request, _published.Parameters, shard));
        return sums;
    }
}

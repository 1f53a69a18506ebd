using DistTrain.Formats.Checkpoints;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Checkpoints;

/// <summary>Saves to a folder, with a thread of its own: a slow disk makes neither the trainer nor a mailbox wait.</summary>
/// <param name="identity">Asked for at the first checkpoint.</param>
public sealed class CheckpointStore(CheckpointFolder folder, RunTerms terms, Term term, Lazy<CheckpointIdentity> identity)
    : ICheckpointStore, IDisposable
{
    readonly ComputeThreads _writer = new("checkpoints", 1);

    public async Task<long> SaveAsync(StepBoundary boundary, ComputeThreads trainerThread)
    {
        var parts = await trainerThread.Run(_ => Checkpoint.Compose(identity.Value, term, boundary));
        return await _writer.Run(_ => folder.Save(new CheckpointName(boundary.Step, term), parts, terms));
    }

    public void Dispose() => _writer.Dispose();
}

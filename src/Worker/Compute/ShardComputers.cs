using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Compute;

/// <summary>The computers of a process that has the dataset: workers of one run share one, which is made when the first is admitted.</summary>
public sealed class ShardComputers(IShardSource source, DatasetManifest manifest) : IComputerSource
{
    readonly Lock _making = new();
    (Targets Targets, ShardComputer Computer)? _latest;

    public string? Fingerprint => null;

    public ShardSet Cached => ShardSet.Empty;

    public ValueTask<IShardComputer> OpenAsync(WorkerAdmitted admission, CancellationToken cancellation) =>
        ValueTask.FromResult(Of(admission.Targets));

    /// <summary>The arithmetic of a run with these targets; safe to be called from several threads.</summary>
    public IShardComputer Of(Targets targets)
    {
        lock (_making)
        {
            if (_latest is not { } latest || latest.Targets != targets)
                _latest = latest = (targets, new ShardComputer(source, manifest, targets));
            return latest.Computer;
        }
    }
}

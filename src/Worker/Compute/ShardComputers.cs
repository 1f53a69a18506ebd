using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Worker.Compute;

/// <summary>The computers of a process: workers of one run share one, which is made when the first of them is admitted.</summary>
public sealed class ShardComputers(IShardSource source, DatasetManifest manifest)
{
    readonly Lock _making = new();
    (Targets Targets, ShardComputer Computer)? _latest;

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

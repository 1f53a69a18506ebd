using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Compute;

namespace DistTrain.Worker.Shards;

/// <summary>
/// The arithmetic of a worker's process: opens the dataset of the run that it is admitted to, and keeps it open while actor systems come and
/// go. Thread-safe.
/// </summary>
public sealed class DatasetComputers(IDatasetOpener opener) : IComputerSource
{
    readonly Lock _lock = new();
    (DatasetOffer Offer, OpenedDataset Dataset, ShardComputers Computers)? _open;

    public string? Fingerprint
    {
        get { lock (_lock) return _open?.Offer.Fingerprint; }
    }

    public ShardSet Cached
    {
        get { lock (_lock) return _open?.Dataset.Cached() ?? ShardSet.Empty; }
    }

    /// <summary>Of models of the dataset that is open; null where none is.</summary>
    public ModelShape? Shape
    {
        get { lock (_lock) return _open is { } open ? ModelShape.Of(open.Dataset.Manifest) : null; }
    }

    public async ValueTask<IShardComputer> OpenAsync(WorkerAdmitted admission, CancellationToken cancellation)
    {
        var offer = admission.Dataset ?? throw NoDataset(admission).AsException();
        if (Find(offer) is not { } computers)
        {
            var dataset = await opener.OpenAsync(offer, cancellation).ConfigureAwait(false);
            computers = Keep(offer, dataset);
        }
        return computers.Of(admission.Targets);
    }

    /// <summary>Lets the dataset go: the next run may be of any.</summary>
    public void Forget()
    {
        lock (_lock) _open = null;
    }

    /// <summary>What is open is open; where the files that are missing can be had may have changed.</summary>
    ShardComputers? Find(DatasetOffer offer)
    {
        lock (_lock)
        {
            if (_open is not { } open || !AreOfOneDataset(open.Offer, offer)) return null;
            open.Dataset.Follow(offer);
            return open.Computers;
        }
    }

    static bool AreOfOneDataset(DatasetOffer a, DatasetOffer b) => a.Fingerprint == b.Fingerprint && a.ManifestHash == b.ManifestHash;

    ShardComputers Keep(DatasetOffer offer, OpenedDataset dataset)
    {
        var computers = new ShardComputers(dataset.Shards, dataset.Manifest);
        lock (_lock) _open = (offer, dataset, computers);
        return computers;
    }

    static Problem NoDataset(WorkerAdmitted admission) => new(
        "DT3302", ExitCode.Configuration, $"run {admission.Run} does not say where its dataset is",
        "expected: a coordinator that lets workers of other processes take part");
}

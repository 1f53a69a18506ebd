using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Compute;

/// <summary>Makes, or finds, the arithmetic of a run that a worker is admitted to; several workers may ask at once.</summary>
public interface IComputerSource
{
    /// <summary>Fingerprint of the dataset that is open; null where none is, and where every run is of the one there is.</summary>
    string? Fingerprint { get; }

    /// <summary>Its training shards that are here already.</summary>
    ShardSet Cached { get; }

    /// <summary>Opens the dataset of a run, where it is not open, and gives its arithmetic.</summary>
    /// <exception cref="Problems.DistTrainException">It can never be opened. Any other failure may pass.</exception>
    ValueTask<IShardComputer> OpenAsync(WorkerAdmitted admission, CancellationToken cancellation);
}

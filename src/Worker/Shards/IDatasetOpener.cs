using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Worker.Shards;

/// <summary>Opens the dataset that a coordinator offers.</summary>
public interface IDatasetOpener
{
    /// <summary>Everything about the dataset but its rows, and a source of these; never blocks its caller.</summary>
    /// <exception cref="DistTrainException">Another try cannot mend it: another fingerprint, damage where it lies.</exception>
    /// <exception cref="IOException">Weather: the coordinator is gone, or a disk is full.</exception>
    /// <exception cref="Node.Blocks.BlockFetchException">Weather: no source gave a file in time.</exception>
    Task<OpenedDataset> OpenAsync(DatasetOffer offer, CancellationToken cancellation);
}

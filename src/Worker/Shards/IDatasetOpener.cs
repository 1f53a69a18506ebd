using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Worker.Shards;

/// <summary>Opens the datasets that coordinators offer.</summary>
public interface IDatasetOpener
{
    /// <summary>Opens all of a dataset but its shards, which are opened when they are first asked for.</summary>
    /// <exception cref="DistTrainException">It can never be opened: it is not the one, or is damaged. Any other failure may pass.</exception>
    Task<OpenedDataset> OpenAsync(DatasetOffer offer, CancellationToken cancellation);
}

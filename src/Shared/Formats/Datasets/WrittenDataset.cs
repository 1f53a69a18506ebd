namespace DistTrain.Formats.Datasets;

/// <summary>The files of a dataset on disk.</summary>
/// <param name="Fingerprint">Of its content.</param>
/// <param name="Manifest">The manifest file: with its hash, all of the dataset is known.</param>
/// <param name="Files">The others.</param>
public sealed record WrittenDataset(string Fingerprint, StoredFile Manifest, StoredFiles Files)
{
    /// <summary>All of them.</summary>
    public IEnumerable<StoredFile> All => [Manifest, .. Files.All];
}

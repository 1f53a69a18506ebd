using System.Collections.Immutable;
using DistTrain.Coordinator.Files;
using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Blocks;
using DistTrain.Node.Datasets;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Datasets;

/// <summary>A dataset in a folder of its own, which at any moment holds it whole or has no manifest.</summary>
/// <param name="path">Absolute.</param>
/// <param name="shown">Its name in messages.</param>
public sealed class DatasetFolder(IDisk disk, string path, string shown)
{
    /// <summary>Writes a dataset, unless it lies there whole already. Each file is durable before the next; the manifest comes last.</summary>
    /// <remarks>Candidates for one run may do so at the same time: they write the same bytes, and whoever is disturbed looks again.</remarks>
    /// <exception cref="DistTrainException">DT3507, DT3508: it does not fit; nothing was written.</exception>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public WrittenDataset Write(Dataset dataset, DatasetOrigin origin)
    {
        var fingerprint = dataset.Manifest.Fingerprint;
        if (TryKeep(fingerprint) is { } kept) return kept;
        try
        {
            return WriteAnew(dataset, origin);
        }
        catch (IOException) when (TryKeep(fingerprint) is { } others)
        {
            return others;
        }
    }

    /// <summary>Makes a dataset shard by shard into the folder, which is new.</summary>
    /// <exception cref="DistTrainException">DT3507, DT3508: it does not fit.</exception>
    /// <exception cref="IOException">The disk did not take it.</exception>
    internal PreparedDataset Write(StreamedPlan plan, DatasetOrigin origin)
    {
        disk.CreateFolder(path);
        disk.FlushFolder(Path.GetDirectoryName(path)!);
        var (manifest, classes, written) = StreamedWriter.Write(plan, origin, (name, write) => DurableFile.Write(disk, PathOf(name), write));
        return new PreparedDataset(manifest, classes, written);
    }

    WrittenDataset WriteAnew(Dataset dataset, DatasetOrigin origin)
    {
        disk.CreateFolder(path);
        disk.FlushFolder(Path.GetDirectoryName(path)!);
        if (TryRead()?.Fingerprint != dataset.Manifest.Fingerprint) disk.Delete(PathOf(DatasetNames.Manifest));
        var written = DatasetWriter.Write(dataset, origin, (name, write) => DurableFile.Write(disk, PathOf(name), write));
        RemoveTemporaries();
        return written;
    }

    /// <summary>What workers are told of a dataset that was written here.</summary>
    /// <param name="sources">Where its files are given to those who know their hashes, as http://host:port.</param>
    public DatasetOffer Offer(WrittenDataset written, ImmutableArray<string> sources) =>
        new(written.Fingerprint, written.Manifest.Sha256, path, sources);

    /// <summary>Gives its files to whoever knows their hashes.</summary>
    public void Publish(WrittenDataset written, PublishedFiles files)
    {
        foreach (var file in written.All) files.Publish(file.Sha256, PathOf(file.Name));
    }

    /// <summary>What lies there, if it is the dataset with this fingerprint and no byte of it is damaged.</summary>
    WrittenDataset? TryKeep(string fingerprint)
    {
        if (TryRead() is not { } found || found.Fingerprint != fingerprint) return null;
        using var folder = new MappedFolder(path, shown);
        try
        {
            foreach (var file in found.Files.All) folder.Open(file);
            return found;
        }
        catch (DistTrainException)
        {
            return null;
        }
    }

    /// <summary>What the manifest there says; null where there is none that can be read.</summary>
    WrittenDataset? TryRead()
    {
        using var folder = new MappedFolder(path, shown);
        try
        {
            return DatasetReader.FilesOf(folder.ReadManifest(), folder.ShownNameOf(DatasetNames.Manifest));
        }
        catch (DistTrainException)
        {
            return null;
        }
    }

    /// <summary>What writers that died have left. One that lives still finds its file gone, and the dataset there.</summary>
    void RemoveTemporaries()
    {
        foreach (var name in disk.FilesIn(path).Where(DurableFile.IsTemporary)) disk.Delete(PathOf(name));
    }

    string PathOf(string name) => Path.Combine(path, name);
}

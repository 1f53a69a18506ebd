using DistTrain.Data.Schema;
using DistTrain.Formats.Datasets;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Coordinator.Output;

/// <summary>A dataset on disk in words and tables.</summary>
static class DatasetReport
{
    const int ClassesMax = 12;

    /// <param name="shown">Its folder.</param>
    /// <param name="files">All its files.</param>
    public static void Write(TextWriter output, string shown, StoredDataset dataset, WrittenDataset files)
    {
        var (manifest, origin, layout) = (dataset.Manifest, dataset.Origin, dataset.Manifest.Layout);
        output.WriteTopic("dataset", $"{shown}, prepared by DistTrain {origin.ProductVersion} with seed {manifest.Seed}");
        output.WriteTopic("rows", RowsLine(dataset));
        output.WriteTopic(
            "features", $"{Figures.Count(manifest.FeatureCount)}: {Figures.Count(layout.DenseCount)} dense, " +
                $"{Figures.Count(layout.Coded.Sum(column => column.FeatureCount))} coded, {Figures.Count(layout.SparseCount)} sparse");
        if (StorageReport.Line(manifest) is { } storage) output.WriteTopic("storage", storage);
        output.WriteTopic("files", FilesLine(files));
        output.WriteTopic("sha256", $"fingerprint {manifest.Fingerprint}");
        if (origin.Input.Label is { } label) output.WriteTopic("label", label);
        if (origin.Input.Weight is { } weight) output.WriteTopic("weight", weight);
        if (origin.Synthetic is { } sample) output.WriteTopic("synthetic", TrainingReport.Synthetic(sample));
        foreach (var file in origin.Files) output.WriteTopic("from", $"{file.Name}, SHA-256 {file.Sha256}");
        output.WriteLine();
        ModelReport.WriteColumns(output, dataset.Schema);
        output.WriteLine();
        WriteClasses(output, dataset);
    }

    static string RowsLine(StoredDataset dataset) =>
        $"{Figures.Count(dataset.Manifest.TrainingRowCount)} to train on " +
        $"in {Figures.Count(dataset.Manifest.ShardCount, "shard", "shards")}, {Figures.Count(dataset.Manifest.ValidationRowCount)} held out";

    static string FilesLine(WrittenDataset files) =>
        $"{Figures.Count(files.All.Count(), "file", "files")}, {MemoryEstimate.Size(files.All.Sum(file => file.Bytes))}; " +
        "all have the SHA-256 of the manifest";

    static void WriteClasses(TextWriter output, StoredDataset dataset)
    {
        var (classes, total) = (dataset.Classes, dataset.Manifest.ClassWeights.Sum());
        foreach (var (k, name) in classes.Names.Take(ClassesMax).Index())
            output.WriteLine($"class {name}   {ShareOf(classes, k, dataset, total)}");
        if (classes.Count > ClassesMax) output.WriteLine($"and {Figures.Count(classes.Count - ClassesMax)} more classes");
    }

    static string ShareOf(ClassList classes, int k, StoredDataset dataset, double total) => classes.Active.IndexOf(k) is >= 0 and var place
        ? $"{Figures.Share(dataset.Manifest.ClassWeights[place] / total)} of the training weight"
        : "no training weight";
}

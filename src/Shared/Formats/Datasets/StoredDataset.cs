using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>All about a dataset on disk but its rows.</summary>
public sealed record StoredDataset(
    DatasetManifest Manifest, FeatureSchema Schema, ClassList Classes, StoredFiles Files, DatasetOrigin Origin);

using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>What manifest.json says by itself.</summary>
/// <param name="Manifest">Its numbers per feature are empty.</param>
sealed record ManifestText(
    DatasetManifest Manifest, ClassList Classes, ImmutableArray<StoredColumn> Columns, StoredFiles Files, DatasetOrigin Origin);

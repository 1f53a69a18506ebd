using System.Collections.Immutable;
using DistTrain.Data.Tables;

namespace DistTrain.Formats.Datasets;

/// <summary>What a dataset was made from: nothing that the arithmetic sees, all that a model made of it must know.</summary>
/// <param name="ProductVersion">The version that wrote it.</param>
/// <param name="Input">How the input was read.</param>
/// <param name="Synthetic">The sample's name as typed where the data is generated, else null.</param>
/// <param name="Files">Training files, then those of a validation table. Only name and hash are kept.</param>
public sealed record DatasetOrigin(string ProductVersion, ModelInput Input, string? Synthetic, ImmutableArray<TableFile> Files);

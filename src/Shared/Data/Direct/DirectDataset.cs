using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Direct;

/// <summary>A dataset that was made while its text was read.</summary>
/// <param name="Table">Labels, weights and what was found; neither cells nor lines are kept.</param>
/// <param name="Findings">What is peculiar about the data, one printable line each.</param>
public sealed record DirectDataset(Table Table, DatasetSize Size, Dataset Dataset, ImmutableArray<string> Findings);

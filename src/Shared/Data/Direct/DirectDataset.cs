using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Direct;

/// <summary>What was made of text that was read directly.</summary>
/// <param name="Table">Labels, weights and what was found; neither cells nor lines are kept.</param>
/// <param name="Findings">What is peculiar about the data, one printable line each.</param>
public abstract record DirectlyRead(Table Table, ImmutableArray<string> Findings);

/// <summary>A dataset that was made while its text was read.</summary>
public sealed record DirectDataset(Table Table, DatasetSize Size, Dataset Dataset, ImmutableArray<string> Findings)
    : DirectlyRead(Table, Findings);

/// <summary>A dataset that is made while its text is read, some shards at a time.</summary>
/// <param name="Plan">To be made once.</param>
/// <param name="Text">Open until this is disposed.</param>
public sealed record DirectGroups(
    Table Table, StreamedPlan Plan, ImmutableArray<string> Findings, IDisposable Text) : DirectlyRead(Table, Findings), IDisposable
{
    public void Dispose() => Text.Dispose();
}

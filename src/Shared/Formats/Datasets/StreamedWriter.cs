using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// Writes a dataset whose rows memory cannot hold: each shard is made, written and dropped; statistics and fingerprint are taken of the
/// rows as they lie in the files. The files are those that <see cref="DatasetWriter"/> writes.
/// </summary>
/// <param name="content">Where the files can be read that <paramref name="put"/> has put there.</param>
public sealed class StreamedWriter(StreamedPlan plan, PutFile put, IStoredContent content, IParallelFor parallel)
{
    /// <summary>Writes all files, the manifest last.</summary>
    /// <exception cref="DistTrainException">DT3507, DT3508: it does not fit the files.</exception>
    public (Dataset Dataset, WrittenDataset Written) Write(DatasetOrigin origin)
    {
        var (training, validation) = (WriteShards(DatasetPart.Training), WriteShards(DatasetPart.Validation));
        var dataset = plan.Assemble(training.Rows, validation.Rows, training.Rounding);
        return (dataset, DatasetWriter.WriteRest(dataset, origin, put, training.Files, validation.Files));
    }

    (ImmutableArray<StoredFile> Files, ImmutableArray<ShardRows> Rows, RoundingSums Rounding) WriteShards(DatasetPart part)
    {
        var count = plan.ShardCountOf(part);
        var (files, rows, roundings) = (new StoredFile[count], new ShardRows[count], new RoundingSums[count]);
        parallel.Run(count, i =>
        {
            (files[i], roundings[i]) = WriteShard(part, new ShardId(i));
            rows[i] = ReadBack(files[i]);
            content.LetGo(files[i]);
        });
        return (
            ImmutableCollectionsMarshal.AsImmutableArray(files), ImmutableCollectionsMarshal.AsImmutableArray(rows),
            roundings.Aggregate(default(RoundingSums), (sum, one) => sum + one));
    }

    (StoredFile File, RoundingSums Rounding) WriteShard(DatasetPart part, ShardId shard)
    {
        var rows = plan.Make(part, shard);
        DatasetWriter.RequireFit(part, shard, rows, plan.Layout, ArrowFile.BytesMax);
        var file = DatasetWriter.Put(put, DatasetNames.Of(part, shard), stream => ShardFile.Write(stream, rows, plan.Layout));
        return (file, rows.Dense.Rounding);
    }

    ShardRows ReadBack(StoredFile file) => ShardFile.ReadWritten(
        content.Open(file), plan.Layout, what => StoredProblems.OtherContent(content.ShownNameOf(file.Name), what).AsException());
}

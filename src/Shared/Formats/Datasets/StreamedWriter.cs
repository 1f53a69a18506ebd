using System.Runtime.InteropServices;
using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// Writes a dataset whose rows memory cannot hold: each shard is made, summed up, written and dropped, and no file is read again. The files
/// are those that <see cref="DatasetWriter"/> writes.
/// </summary>
public static class StreamedWriter
{
    /// <summary>Writes all files, the manifest last.</summary>
    /// <exception cref="DistTrainException">DT3507, DT3508: it does not fit the files.</exception>
    public static (DatasetManifest Manifest, ClassList Classes, WrittenDataset Written) Write(
        StreamedPlan plan, DatasetOrigin origin, PutFile put)
    {
        var training = new StoredFile[plan.ShardCountOf(DatasetPart.Training)];
        var validation = new StoredFile[plan.ShardCountOf(DatasetPart.Validation)];
        var manifest = plan.Make((part, shard, rows) =>
            (part == DatasetPart.Training ? training : validation)[shard.Index] = WriteShard(part, shard, rows, plan.Layout, put));
        var written = DatasetWriter.WriteRest(
            manifest, plan.Schema, plan.Classes, origin, put,
            ImmutableCollectionsMarshal.AsImmutableArray(training), ImmutableCollectionsMarshal.AsImmutableArray(validation));
        return (manifest, plan.Classes, written);
    }

    static StoredFile WriteShard(DatasetPart part, ShardId shard, ShardRows rows, FeatureLayout layout, PutFile put)
    {
        DatasetWriter.RequireFit(part, shard, rows, layout, ArrowFile.BytesMax);
        return DatasetWriter.Put(put, DatasetNames.Of(part, shard), stream => ShardFile.Write(stream, rows, layout));
    }
}

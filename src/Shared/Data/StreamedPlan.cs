using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Data;

/// <summary>
/// A dataset that is settled as <see cref="DatasetPlan"/> settles one of a table, and made some shards at a time, so that memory need never
/// hold more than those. It is the same dataset in every bit.
/// </summary>
public abstract class StreamedPlan
{
    readonly DatasetAssembly _assembly;
    readonly int _trainingShardCount;
    readonly int _validationShardCount;

    private protected StreamedPlan(DatasetAssembly assembly, int trainingShardCount, int validationShardCount) =>
        (_assembly, _trainingShardCount, _validationShardCount) = (assembly, trainingShardCount, validationShardCount);

    /// <summary>How often text is read for it.</summary>
    public virtual int PassCount => 0;

    internal FeatureSchema Schema => _assembly.Schema;

    internal ClassList Classes => _assembly.Classes;

    internal FeatureLayout Layout => _assembly.Layout;

    internal int ShardCountOf(DatasetPart part) => part == DatasetPart.Training ? _trainingShardCount : _validationShardCount;

    /// <summary>Makes all shards and forgets them; what remains is the manifest.</summary>
    /// <param name="write">Gets each shard once, from any thread.</param>
    internal DatasetManifest Make(Action<DatasetPart, ShardId, ShardRows> write)
    {
        var training = _assembly.SurveyOf(DatasetPart.Training, _trainingShardCount);
        var validation = _assembly.SurveyOf(DatasetPart.Validation, _validationShardCount);
        MakeShards((part, count, rowsOf) => (part == DatasetPart.Training ? training : validation).Take(count, shard =>
        {
            var rows = rowsOf(shard);
            write(part, shard, rows);
            return rows;
        }));
        return _assembly.ManifestOf(training, validation);
    }

    /// <summary>Makes the shards of each part, in order, as many at a time as it likes.</summary>
    private protected abstract void MakeShards(ShardsMade take);

    /// <summary>Takes the next shards of a part.</summary>
    /// <param name="rowsOf">Asked once for each, from any thread; what it gives is dropped before the call returns.</param>
    private protected delegate void ShardsMade(DatasetPart part, int count, Func<ShardId, ShardRows> rowsOf);
}

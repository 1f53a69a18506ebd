using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Direct;

/// <summary>
/// The plan for LIBSVM: each shard is made of rows in few bytes. Where these are not all held, shards are cut into groups whose rows memory
/// holds together, and the text is read again for each group.
/// </summary>
sealed class CompactPlan : StreamedPlan
{
    readonly CompactEncoder _encoder;
    readonly ICompactRows _rows;
    readonly ShardCut[] _cuts;
    readonly List<ShardGroup> _groups = [];

    /// <param name="labels">For each row of the input, as <see cref="Shard.Labels"/>.</param>
    /// <param name="bytesMax">What the rows of a group may take; a shard's are held at least.</param>
    public CompactPlan(
        DatasetAssembly assembly, CompactColumns columns, StoragePlan storage, int[] labels, RowSplit split, int? shardsAsked, long bytesMax)
        : base(assembly, assembly.TrainingShardCount(split.Training.Length, shardsAsked), assembly.DefaultShardCount(split.Validation.Length))
    {
        _encoder = new CompactEncoder(columns, (IndexedColumnsSchema)assembly.Schema.Columns[0], storage, labels);
        _rows = columns.Rows;
        _cuts =
        [
            new ShardCut(split.Training, ShardCountOf(DatasetPart.Training), DatasetPart.Training),
            new ShardCut(split.Validation, ShardCountOf(DatasetPart.Validation), DatasetPart.Validation),
        ];
        foreach (var cut in _cuts) AddGroups(cut, bytesMax);
        PassCount = columns.Rows.AreHeld ? 0 : _groups.Count;
    }

    /// <summary>How often the text is read for it; 0 where all rows are held.</summary>
    public override int PassCount { get; }

    private protected override void MakeShards(ShardsMade take)
    {
        foreach (var (part, first, count) in _groups)
        {
            var cut = _cuts[(int)part];
            _rows.Hold(RowsOf(cut, first, count));
            take(part, count, shard => _encoder.Make(cut, shard));
        }
        // What follows, sums of all features, needs room too.
        _rows.Hold([]);
    }

    static ReadOnlySpan<int> RowsOf(ShardCut cut, int first, int count) => cut.Rows.AsSpan(
        Pieces.StartOf(first, cut.ShardCount, cut.Rows.Length)..Pieces.StartOf(first + count, cut.ShardCount, cut.Rows.Length));

    void AddGroups(ShardCut cut, long bytesMax)
    {
        var (first, bytes) = (0, 0L);
        for (var shard = 0; shard < cut.ShardCount; shard++)
        {
            var more = _rows.AreHeld ? 0 : BytesOf(cut.RowsOf(new ShardId(shard)));
            if (shard > first && bytes + more > bytesMax)
            {
                _groups.Add(new ShardGroup(cut.Part, first, shard - first));
                (first, bytes) = (shard, 0);
            }
            bytes += more;
        }
        if (first < cut.ShardCount) _groups.Add(new ShardGroup(cut.Part, first, cut.ShardCount - first));
    }

    long BytesOf(ReadOnlySpan<int> rows)
    {
        var sum = 0L;
        foreach (var row in rows) sum += _rows.BytesOf(row);
        return sum;
    }
}

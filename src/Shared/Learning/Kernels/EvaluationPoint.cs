using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Parameters prepared for the kernels, once per version and process; immutable, shared by all compute threads. The tables are made
/// when first asked for: one of floats for gradients, one of doubles for the closing pass and for predictions.
/// </summary>
public sealed class EvaluationPoint
{
    /// <summary>
    /// What closed rows may take of memory, those of all shards together: a million rows of eight classes. Others are computed again.
    /// </summary>
    public const long ClosedBytesMax = 64 << 20;

    readonly Lazy<FloatTables> _floats;
    readonly Lazy<DoubleTable> _doubles;
    readonly ConditionalWeakTable<Shard, ClosedRows> _closed = [];
    long _closedBytes;

    public EvaluationPoint(Parameters parameters, FeatureLayout layout)
    {
        if (parameters.Shape.FeatureCount != layout.FeatureCount)
        {
            throw new ArgumentException(
                $"Parameters are for {parameters.Shape.FeatureCount} features, the layout holds {layout.FeatureCount}.",
                nameof(parameters));
        }

        (Parameters, Layout) = (parameters, layout);
        _floats = new Lazy<FloatTables>(() => new FloatTables(parameters, layout));
        _doubles = new Lazy<DoubleTable>(() => new DoubleTable(parameters, layout));
    }

    public Parameters Parameters { get; }

    public FeatureLayout Layout { get; }

    public ModelShape Shape => Parameters.Shape;

    internal FloatTables Floats => _floats.Value;

    internal DoubleTable Doubles => _doubles.Value;

    /// <summary>Room for what the closing pass finds of a shard; null where there is none left, or what it finds is kept already.</summary>
    internal ClosedRows? RoomFor(Shard shard)
    {
        if (ClosedRowsOf(shard) is not null) return null;

        var bytes = ClosedRows.BytesOf(shard.RowCount, Shape.ClassCount);
        if (Interlocked.Add(ref _closedBytes, bytes) <= ClosedBytesMax) return new ClosedRows(shard.RowCount, Shape.ClassCount);
        Interlocked.Add(ref _closedBytes, -bytes);
        return null;
    }

    /// <summary>Keeps it for as long as both this point and the shard are in use; not to be written any more.</summary>
    internal void Keep(Shard shard, ClosedRows rows) => _closed.AddOrUpdate(shard, rows);

    /// <summary>What was kept of a shard; null where nothing was.</summary>
    internal ClosedRows? ClosedRowsOf(Shard shard) => _closed.TryGetValue(shard, out var rows) ? rows : null;
}

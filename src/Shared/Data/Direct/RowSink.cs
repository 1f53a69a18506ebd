using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Preparation;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Puts the rows of chunks where they belong in their shards. Chunks may come in any order, from several threads.</summary>
/// <param name="onlyPlaced">Rows without a place are not looked at: all were taken before.</param>
sealed class RowSink(DirectInput input, RowShape shape, RowPlacement placement, float[] centers, int rowCount, bool onlyPlaced = false)
{
    /// <summary>First byte of U+FFFF, which must not start a row, and of U+FEFF.</summary>
    public const byte MarkFirst = 0xEF;

    readonly Scratch<Worker> _workers = new(() => new Worker(input, shape, placement, centers, onlyPlaced));
    readonly float[]? _weights = shape.IsWeighted && !onlyPlaced ? GC.AllocateUninitializedArray<float>(rowCount) : null;
    volatile bool _givenUp;

    /// <summary>A row was out of the ordinary: nothing here is of use.</summary>
    public bool IsGivenUp => _givenUp;

    /// <summary>For each row of the table its weight; null where all are 1.</summary>
    public float[]? Weights => _weights;

    /// <summary>Of all rows taken.</summary>
    public ColumnCounts Counts
    {
        get
        {
            var total = new ColumnCounts(centers.Length);
            foreach (var worker in _workers.All) total.Add(worker.Counts);
            return total;
        }
    }

    /// <summary>Takes the rows of a chunk.</summary>
    /// <returns>The labels of those that were looked at; null where it was given up.</returns>
    public TextColumn? Take(CountedStretch chunk)
    {
        TextColumn? labels = null;
        if (_givenUp) return labels;
        _workers.Use(worker => labels = worker.Take(chunk, _weights));
        _givenUp |= labels is null;
        return labels;
    }

    /// <summary>What one thread works with.</summary>
    sealed class Worker(DirectInput input, RowShape shape, RowPlacement placement, float[] centers, bool onlyPlaced)
    {
        readonly float[] _held = new float[(centers.Length + 7) / 8 * 8];
        readonly LineBuffer _text = new();
        readonly RowParser _parser = new(shape);

        public ColumnCounts Counts { get; } = new(centers.Length);

        [MethodImpl(Compilation.Full)]
        public TextColumn? Take(CountedStretch chunk, float[]? weights)
        {
            var file = input.Files[chunk.Chunk.File];
            if (!_text.TryReadLines(file.Bytes, file.DataStart, chunk.Chunk.Start, chunk.Chunk.End)) return null;

            var lines = _text.Text;
            var (labels, row) = (new CodedText(), 0);
            for (var at = 0; at < _text.Length;)
            {
                var isBlank = DirectFile.IsBlank(lines, at);
                if (isBlank || IsPassedBy(chunk, row))
                {
                    at += lines[at..].IndexOf((byte)'\n') + 1;
                    row += isBlank ? 0 : 1;
                    continue;
                }
                if (row == chunk.RowCount || lines[at] == MarkFirst || !_parser.TryRead(lines, ref at)) return null;
                labels.Add(_parser.Label);
                Put(chunk.FirstRow + row++, weights);
            }
            return row == chunk.RowCount ? labels.ToColumn("") : null;
        }

        bool IsPassedBy(CountedStretch chunk, int row) =>
            onlyPlaced && row < chunk.RowCount && placement[chunk.FirstRow + row].Shard is null;

        void Put(int row, float[]? weights)
        {
            var (shard, position) = placement[row];
            if (weights is not null) weights[row] = _parser.Weight;
            Counts.Add(_parser.Values);
            if (shard is null) return;

            shard.SourceRows[position] = row;
            if (shard.Weights is { } shardWeights) shardWeights[position] = _parser.Weight;
            var inPlace = shard.Dense.Format == DenseFormat.Full;
            var held = inPlace ? shard.Dense.Row(position) : _held.AsSpan(0, shard.Dense.Stride);
            Hold(_parser.Values, held);
            if (!inPlace) shard.Dense.Write(position, held);
        }

        /// <summary>As <see cref="EncodedRow"/> holds them: the difference in double, rounded once.</summary>
        [MethodImpl(Compilation.Full)]
        void Hold(ReadOnlySpan<double> values, Span<float> held)
        {
            var means = centers.AsSpan(0, values.Length);
            held[values.Length..].Clear();
            held = held[..values.Length];
            var d = 0;
            for (; d <= values.Length - Vector256<float>.Count; d += Vector256<float>.Count)
            {
                var (low, high) = (Vector256.Create(values[d..]), Vector256.Create(values[(d + Vector256<double>.Count)..]));
                var mean = Vector256.Create(means[d..]);
                Vector256.Narrow(low - Vector256.WidenLower(mean), high - Vector256.WidenUpper(mean)).CopyTo(held[d..]);
            }
            for (; d < values.Length; d++) held[d] = (float)(values[d] - means[d]);
        }
    }
}

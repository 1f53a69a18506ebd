using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The rows of one block in the order in which the float kernel takes them: steps of 32, eight from each quarter of the block.
/// </summary>
/// <remarks>
/// A block of n rows has quarters of h = ⌈n/4⌉ rows, rounded up to whole eights: quarter q holds rows q·h … min((q+1)·h, n) − 1, and step s
/// takes eight from each, from 8s on. A full block: h = 1,024. Slot 32s + 8q + j stands for row q·h + 8s + j; slots past the last row have
/// weight 0 and code 0, and so contribute nothing.
/// </remarks>
sealed unsafe class BlockRows(int codedColumnCount, Targets targets)
{
    /// <summary>Rows of a step.</summary>
    public const int StepRows = 32;

    const int QuarterCount = 4;

    readonly float[] _classWeights = [.. targets.ClassWeights.Select(weight => (float)weight)];
    readonly AlignedMemory<int> _labels = new(Shard.BlockRows);
    readonly AlignedMemory<float> _weights = new(Shard.BlockRows);
    readonly AlignedMemory<byte> _codes = new(codedColumnCount * Shard.BlockRows);

    /// <summary>Whether each row's weight is 1.</summary>
    bool _rowsAreOnes;

    /// <summary>Rows of the block for which the weights were set if each row's was 1, else −1.</summary>
    int _ones = -1;

    /// <summary>Active class of each slot; below 0 where it takes no part.</summary>
    public int* Labels => _labels.First;

    /// <summary>Training weight of each slot, w·c[label]: 0 past the last row and where the label is below 0.</summary>
    public float* Weights => _weights.First;

    /// <summary>Row in the shard of the block's first row.</summary>
    public int First { get; private set; }

    public int Count { get; private set; }

    public int QuarterRows { get; private set; }

    public int StepCount => QuarterRows / 8;

    /// <summary>Σ w over the block, rows of a label below 0 included.</summary>
    public double WeightSum { get; private set; }

    /// <summary>Σ of <see cref="Weights"/>.</summary>
    public double TrainingWeightSum { get; private set; }

    /// <summary>Rows with weight above 0, those of a label below 0 included.</summary>
    public int WeightedCount { get; private set; }

    /// <summary>Rows of a label below 0 with weight above 0.</summary>
    public int ImpossibleCount { get; private set; }

    /// <summary>Code of each slot in a coded column.</summary>
    public byte* CodesOf(int column) => _codes.First + column * Shard.BlockRows;

    /// <summary>Row in the shard of the first of eight slots.</summary>
    public int RowOf(int step, int quarter) => First + quarter * QuarterRows + 8 * step;

    /// <summary>How many of the eight slots stand for rows.</summary>
    public int CountOf(int step, int quarter) => Math.Clamp(Count - quarter * QuarterRows - 8 * step, 0, 8);

    /// <summary>Rows of a quarter.</summary>
    int RowsOf(int quarter) => Math.Clamp(Count - quarter * QuarterRows, 0, QuarterRows);

    /// <summary>Whether every slot of a step stands for a row.</summary>
    public bool IsFull(int step) => CountOf(step, QuarterCount - 1) == 8;

    /// <summary>Whether <see cref="Weights"/> are known to be 1 in every slot of a step.</summary>
    public bool AreOnes(int step) => _rowsAreOnes && IsFull(step);

    /// <summary>Takes up the block that starts at row <paramref name="first"/>.</summary>
    public void Open(Shard shard, int first)
    {
        First = first;
        Count = Math.Min(Shard.BlockRows, shard.RowCount - first);
        QuarterRows = ((Count + QuarterCount - 1) / QuarterCount + 7) / 8 * 8;
        CopyToSlots(shard.Labels, Labels);
        for (var column = 0; column < codedColumnCount; column++) CopyToSlots(shard.Codes[column], CodesOf(column));
        _rowsAreOnes = shard.Weights is null && _classWeights.Length == 0 && !AnyImpossible();
        if (_rowsAreOnes) CountOnes();
        else Weigh(shard.Weights);
    }

    void CountOnes()
    {
        if (_ones != Count) MarkRows();
        (_ones, WeightedCount, ImpossibleCount) = (Count, Count, 0);
        WeightSum = TrainingWeightSum = Count;
    }

    void Weigh(float[]? weights)
    {
        _ones = -1;
        if (weights is null) MarkRows();
        else CopyToSlots(weights, Weights);

        WeightSum = weights is null ? Count : SumOfWeights();
        TakeOutImpossible();
        if (_classWeights.Length > 0) WeighByClass();
        TrainingWeightSum = _classWeights.Length == 0 && ImpossibleCount == 0 ? WeightSum : SumOfWeights();
    }

    bool AnyImpossible()
    {
        Vector256<int> signs = default;
        for (var slot = 0; slot < StepCount * StepRows; slot += 8) signs |= Vector256.Load(Labels + slot);
        return Vector256.LessThanAny(signs, Vector256<int>.Zero);
    }

    double SumOfWeights()
    {
        var weights = default(WideLanes);
        for (var slot = 0; slot < StepCount * StepRows; slot += 8) weights.Add(Vector256.Load(Weights + slot));
        return weights.Total;
    }

    /// <summary>Weight 1 for each row, 0 past the last.</summary>
    void MarkRows()
    {
        for (var quarter = 0; quarter < QuarterCount; quarter++)
        {
            var weights = Weights + 8 * quarter;
            for (var step = 0; step < StepCount; step++, weights += StepRows)
            {
                var count = Vector256.Create(CountOf(step, quarter));
                var isRow = Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), count).AsSingle();
                (isRow & Vector256<float>.One).Store(weights);
            }
        }
    }

    /// <summary>Counts rows with weight, and gives weight 0 to those whose class takes no part.</summary>
    void TakeOutImpossible()
    {
        var (weightedCount, impossibleCount) = (0, 0);
        for (var slot = 0; slot < StepCount * StepRows; slot += 8)
        {
            var weights = Vector256.Load(Weights + slot);
            var impossible = Vector256.LessThan(Vector256.Load(Labels + slot), Vector256<int>.Zero).AsSingle();
            var weighted = Vector256.GreaterThan(weights, Vector256<float>.Zero);
            weightedCount += BitOperations.PopCount(weighted.ExtractMostSignificantBits());
            impossibleCount += BitOperations.PopCount((weighted & impossible).ExtractMostSignificantBits());
            Vector256.AndNot(weights, impossible).Store(Weights + slot);
        }
        (WeightedCount, ImpossibleCount) = (weightedCount, impossibleCount);
    }

    /// <summary>Weights times those of their classes.</summary>
    void WeighByClass()
    {
        for (var i = 0; i < StepCount * StepRows; i++)
        {
            if (Labels[i] >= 0) Weights[i] *= _classWeights[Labels[i]];
        }
    }

    /// <summary>The block's part of a column, eight slots at a time; slots past the last row get 0.</summary>
    void CopyToSlots<T>(T[] column, T* slots)
        where T : unmanaged
    {
        fixed (T* rows = column)
        {
            for (var quarter = 0; quarter < QuarterCount; quarter++) CopyQuarter(rows + RowOf(0, quarter), RowsOf(quarter), slots + 8 * quarter);
        }
    }

    /// <summary>Whole eights, then what is left, then zeros.</summary>
    /// <param name="slots">Eight of each step.</param>
    void CopyQuarter<T>(T* rows, int count, T* slots)
        where T : unmanaged
    {
        var end = slots + StepRows * (nint)StepCount;
        for (var last = rows + count / 8 * 8; rows < last; rows += 8, slots += StepRows) Unsafe.CopyBlockUnaligned(slots, rows, (uint)(8 * sizeof(T)));
        for (; slots < end; slots += StepRows, count = 0)
        {
            new Span<T>(slots, 8).Clear();
            new Span<T>(rows, count % 8).CopyTo(new Span<T>(slots, 8));
        }
    }
}

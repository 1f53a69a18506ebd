using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// What the pass over a shard keeps of each feature, the intercepts being the last, feature by feature in whole cache lines: of three
/// classes in one.
/// </summary>
/// <remarks>
/// Weights, then means, [lanes] each; numbers of which a feature has one lie in the lanes that its classes leave free, or behind them.
/// </remarks>
sealed unsafe class OnlineRecords
{
    const int LineNumbers = 8;

    readonly ModelShape _shape;
    readonly int _squares;
    readonly int _marks;
    readonly nint _stride;
    readonly AlignedMemory<double> _memory;
    readonly AlignedMemory<double> _mask;

    public OnlineRecords(ModelShape shape)
    {
        _shape = shape;
        LaneCount = DoubleLanes.CountOf(shape.ClassCount);
        var isFree = shape.ClassCount < LaneCount;
        (_squares, _marks) = isFree ? (shape.ClassCount, LaneCount + shape.ClassCount) : (2 * LaneCount, 2 * LaneCount + 1);
        _stride = (2 * LaneCount + (isFree ? 0 : 2) + LineNumbers - 1) / LineNumbers * LineNumbers;
        _memory = new AlignedMemory<double>(checked((shape.FeatureCount + 1) * (int)_stride));
        _mask = new AlignedMemory<double>(LaneCount);
        _mask.Span[..shape.ClassCount].Fill(BitConverter.Int64BitsToDouble(-1));
    }

    /// <summary>K rounded up to whole vectors of four.</summary>
    public int LaneCount { get; }

    /// <summary>[lanes]: all bits set up to K, none beyond.</summary>
    public double* Mask => _mask.First;

    /// <summary>A feature's weights, in lanes of which those beyond K mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* WeightsOf(int feature) => _memory.First + feature * _stride;

    /// <summary>Its weights summed over the batches of the second half up to its last step; likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* MeansOf(int feature) => WeightsOf(feature) + LaneCount;

    /// <summary>Σ ‖ḡ‖².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref double GradientSquaresOf(int feature) => ref WeightsOf(feature)[_squares];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref OnlineMarks MarksOf(int feature) => ref *(OnlineMarks*)(WeightsOf(feature) + _marks);

    /// <summary>Asks for the memory of a feature that is to be used soon. Saves time only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int feature)
    {
        if (!Sse.IsSupported) return;
        for (nint line = 0; line < _stride; line += LineNumbers) Sse.Prefetch0(WeightsOf(feature) + line);
    }

    /// <summary>Makes all features what they are before a pass.</summary>
    /// <param name="start">[D + 1][K].</param>
    public void Open(double[] start)
    {
        fixed (double* first = start)
        {
            for (var feature = 0; feature <= _shape.FeatureCount; feature++) Reset(feature, first + (nint)feature * _shape.ClassCount);
        }
    }

    /// <summary>Makes a feature what it is before a pass.</summary>
    /// <param name="start">Its weights, [K], and behind them enough to load whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reset(int feature, double* start)
    {
        for (var lane = 0; lane < LaneCount; lane += 4)
        {
            (Vector256.Load(start + lane) & Vector256.Load(_mask.First + lane)).Store(WeightsOf(feature) + lane);
            Vector256<double>.Zero.Store(MeansOf(feature) + lane);
        }
        GradientSquaresOf(feature) = 0;
        MarksOf(feature) = default;
    }
}

/// <summary>Where a feature stands in a pass.</summary>
[StructLayout(LayoutKind.Sequential)]
struct OnlineMarks
{
    /// <summary>The batch of its last step, from 1; 0 before the first.</summary>
    public int LastBatch;

    /// <summary>Its place in a batch that it may belong to: the batch knows whether it does.</summary>
    public int Place;
}

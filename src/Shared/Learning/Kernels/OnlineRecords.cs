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
    /// <summary>Numbers of a cache line.</summary>
    public const int LineNumbers = 8;

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

    /// <summary>Where the records lie, for a loop over some; as long as this object is alive.</summary>
    public OnlineLines Lines
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_memory.First, _stride, _squares, _marks);
    }

    /// <summary>Makes all features what they are before a pass.</summary>
    /// <param name="start">[D + 1][K].</param>
    [MethodImpl(Compilation.Full)]
    public void Open(double[] start)
    {
        var (lines, lanes) = (Lines, LaneCount);
        fixed (double* first = start)
        {
            for (var feature = 0; feature <= _shape.FeatureCount; feature++)
                lines.Reset(lines.At(feature), first + (nint)feature * _shape.ClassCount, Mask, lanes);
        }
    }
}

/// <summary>Where the records of a pass lie: a value that a loop over features keeps in registers.</summary>
/// <param name="first">The first feature's weights, in lanes of which those beyond K mean nothing; behind them as many for its means.</param>
/// <param name="stride">Numbers from one feature to the next.</param>
/// <param name="squares">Where among them Σ ‖ḡ‖² is.</param>
/// <param name="marks">Where the marks are.</param>
readonly unsafe struct OnlineLines(double* first, nint stride, nint squares, nint marks)
{
    /// <summary>A feature's weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* At(int feature) => first + feature * stride;

    /// <summary>Σ ‖ḡ‖² of the feature whose weights are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref double SquaresOf(double* own) => ref own[squares];

    /// <summary>Where that feature stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OnlineMarks* MarksOf(double* own) => (OnlineMarks*)(own + marks);

    /// <summary>Makes a feature what it is before a pass.</summary>
    /// <param name="own">The feature's weights.</param>
    /// <param name="start">What they were, [K], and behind them enough to load whole vectors.</param>
    /// <param name="mask">[lanes]: all bits set up to K, none beyond.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reset(double* own, double* start, double* mask, int lanes)
    {
        for (var lane = 0; lane < lanes; lane += 4)
        {
            (Vector256.Load(start + lane) & Vector256.Load(mask + lane)).Store(own + lane);
            Vector256<double>.Zero.Store(own + lanes + lane);
        }
        SquaresOf(own) = 0;
        *MarksOf(own) = default;
    }

    /// <summary>Asks for the memory of a feature that is to be used soon, as far as the second cache. Saves time only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int feature)
    {
        if (!Sse.IsSupported) return;
        for (nint line = 0; line < stride; line += OnlineRecords.LineNumbers) Sse.Prefetch1(At(feature) + line);
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

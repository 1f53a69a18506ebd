using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>
/// A tile of columns for <see cref="SoftmaxCurvature"/>, class by class, so that four columns of a class are one vector; with the sums over
/// all tiles that went through it. Scratch of one thread.
/// </summary>
/// <param name="priors">π, one per class.</param>
sealed class SoftmaxColumns(int classCount, double[] priors)
{
    /// <summary>Columns of a tile at most: those of twenty classes stay in the nearest cache.</summary>
    public const int CountMax = 64;

    static readonly int Lanes = Vector256<double>.Count;

    readonly double[] _entries = new double[classCount * CountMax];
    readonly double[] _means = new double[CountMax];
    readonly double[] _variances = new double[CountMax];
    readonly double[] _penalties = new double[CountMax];
    readonly Vector256<double>[] _shifts = new Vector256<double>[classCount];
    Vector256<double> _products;

    /// <summary>Columns in the tile.</summary>
    public int Count { get; private set; }

    /// <summary>Takes other columns. Those that lack to a whole vector are zeros of variance 1.</summary>
    /// <param name="l2">λ₂ of each.</param>
    /// <param name="share">By what variances are multiplied.</param>
    public void Open(ReadOnlySpan<double> means, ReadOnlySpan<double> variances, ReadOnlySpan<double> l2, double share = 1)
    {
        Count = means.Length;
        Array.Clear(_means);
        Array.Clear(_penalties);
        Array.Fill(_variances, 1);
        means.CopyTo(_means);
        for (var i = 0; i < variances.Length; i++) _variances[i] = share * variances[i];
        l2.CopyTo(_penalties);
        if (Count < CountMax) Array.Clear(_entries);
    }

    /// <summary>g_kd − μ_d·g_k of the intercepts: the gradient of the weights in the variables (W, b + Wμ).</summary>
    /// <param name="vector">[K, D].</param>
    /// <param name="first">The tile's first column.</param>
    [MethodImpl(Compilation.Full)]
    public void Take(ReadOnlySpan<double> vector, int first, int featureCount, ReadOnlySpan<double> intercepts)
    {
        for (var k = 0; k < classCount; k++)
        {
            var own = vector.Slice(k * featureCount + first, Count);
            var entries = EntriesOf(k);
            var i = 0;
            for (; i <= own.Length - Lanes; i += Lanes) (At(own, i) - At(_means, i) * intercepts[k]).CopyTo(entries[i..]);
            for (; i < own.Length; i++) entries[i] = own[i] - _means[i] * intercepts[k];
        }
    }

    /// <inheritdoc cref="Take(ReadOnlySpan{double}, int, int, ReadOnlySpan{double})"/>
    [MethodImpl(Compilation.Full)]
    public void Take(ReadOnlySpan<float> vector, int first, int featureCount, ReadOnlySpan<double> intercepts)
    {
        for (var k = 0; k < classCount; k++)
        {
            var own = vector.Slice(k * featureCount + first, Count);
            var entries = EntriesOf(k);
            var i = 0;
            for (; i <= own.Length - Lanes; i += Lanes) (Wide(own, i) - At(_means, i) * intercepts[k]).CopyTo(entries[i..]);
            for (; i < own.Length; i++) entries[i] = own[i] - _means[i] * intercepts[k];
        }
    }

    /// <summary>P·diag(1/(π·v + λ))·P of every column.</summary>
    [MethodImpl(Compilation.Full)]
    public void SolveShared()
    {
        var classes = Vector256.Create((double)classCount);
        for (var i = 0; i < Count; i += Lanes)
        {
            var (variance, penalty) = (At(_variances, i), At(_penalties, i));
            Vector256<double> sum = default, solvedSum = default;
            for (var k = 0; k < classCount; k++) sum += At(_entries, k * CountMax + i);
            var mean = sum / classes;
            for (var k = 0; k < classCount; k++)
            {
                var solved = (At(_entries, k * CountMax + i) - mean) / (priors[k] * variance + penalty);
                solvedSum += solved;
                Put(solved, k * CountMax + i);
            }
            mean = solvedSum / classes;
            for (var k = 0; k < classCount; k++) Put(At(_entries, k * CountMax + i) - mean, k * CountMax + i);
        }
    }

    /// <summary>Column <paramref name="i"/> of the tile, one entry per class.</summary>
    public void Read(int i, Span<double> column)
    {
        for (var k = 0; k < column.Length; k++) column[k] = _entries[k * CountMax + i];
    }

    public void Write(int i, ReadOnlySpan<double> column)
    {
        for (var k = 0; k < column.Length; k++) _entries[k * CountMax + i] = column[k];
    }

    /// <summary>Adds Σ μ_d · entry to each class's shift.</summary>
    [MethodImpl(Compilation.Full)]
    public void AddShifts()
    {
        for (var k = 0; k < classCount; k++)
        {
            var entries = EntriesOf(k);
            var sum = _shifts[k];
            for (var i = 0; i < Count; i += Lanes) sum = Vector256.FusedMultiplyAdd(At(_means, i), At(entries, i), sum);
            _shifts[k] = sum;
        }
    }

    /// <summary>Adds Σ g_kd · entry, g the vector that the entries were taken from.</summary>
    [MethodImpl(Compilation.Full)]
    public void AddProducts(ReadOnlySpan<float> vector, int first, int featureCount)
    {
        Span<double> last = stackalloc double[Lanes];
        last.Clear();
        for (var k = 0; k < classCount; k++)
        {
            var own = vector.Slice(k * featureCount + first, Count);
            var entries = EntriesOf(k);
            var i = 0;
            for (; i <= own.Length - Lanes; i += Lanes) _products = Vector256.FusedMultiplyAdd(Wide(own, i), At(entries, i), _products);
            if (i == own.Length) continue;
            for (var j = i; j < own.Length; j++) last[j - i] = own[j];
            _products = Vector256.FusedMultiplyAdd(At(last, 0), At(entries, i), _products);
        }
    }

    /// <summary>The entries, to their places.</summary>
    /// <param name="vector">[K, D].</param>
    public void Give(Span<double> vector, int first, int featureCount)
    {
        for (var k = 0; k < classCount; k++) EntriesOf(k)[..Count].CopyTo(vector[(k * featureCount + first)..]);
    }

    /// <summary>Σ μ_d · entry over all tiles, one per class.</summary>
    public double[] Shifts() => [.. _shifts.Select(Sum)];

    /// <summary>Σ g_kd · entry over all tiles.</summary>
    public double Product() => Sum(_products);

    Span<double> EntriesOf(int k) => _entries.AsSpan(k * CountMax, CountMax);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Put(Vector256<double> four, int i) => four.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_entries), (nuint)i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> At(ReadOnlySpan<double> x, int i) => Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Wide(ReadOnlySpan<float> x, int i) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i).ToVector256Unsafe());

    static double Sum(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}

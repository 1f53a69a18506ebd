using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers;

/// <summary>
/// The optimisers' arithmetic of long vectors: pieces of fixed bounds, on as many threads as there are, whose results are added in the
/// pieces' order. So bits depend on the numbers alone. Vectors of a call are of equal length.
/// </summary>
public sealed class LongVectors(IParallelFor parallel)
{
    /// <summary>Numbers of a piece: half a megabyte, so that what several operations read in a row is still near.</summary>
    public const int PieceLength = 1 << 16;

    /// <summary>All on the caller's thread.</summary>
    public static readonly LongVectors Serial = new(SerialFor.Instance);

    /// <summary>For pieces that others cut.</summary>
    public IParallelFor Parallel => parallel;

    /// <summary>Σ aᵢbᵢ.</summary>
    public double Dot(double[] a, double[] b) => Sum(a.Length, piece => Vectors.Dot(a.AsSpan(piece), b.AsSpan(piece)));

    /// <summary>The same, one of the two in float32.</summary>
    public double Dot(float[] a, double[] b) => Sum(a.Length, piece => Vectors.Dot(a.AsSpan(piece), b.AsSpan(piece)));

    /// <summary>Σ aᵢ(bᵢ − cᵢ).</summary>
    public double DotDifference(double[] a, double[] b, double[] c) =>
        Sum(a.Length, piece => Vectors.DotDifference(a.AsSpan(piece), b.AsSpan(piece), c.AsSpan(piece)));

    /// <summary>Σ aᵢbᵢ and Σ |aᵢbᵢ|.</summary>
    /// <param name="free">False for the coordinates that count nowhere; empty, or null: all count.</param>
    public (double Product, double Size) DotAndSize(float[] a, float[] b, bool[]? free = null)
    {
        var parts = new (double Product, double Size)[PieceCount(a.Length)];
        Run(a.Length, (i, piece) => parts[i] = free is null or []
            ? Vectors.DotAndSize(a.AsSpan(piece), b.AsSpan(piece))
            : FreeVectors.DotAndSize(a.AsSpan(piece), b.AsSpan(piece), free.AsSpan(piece)));
        var (product, size) = (0.0, 0.0);
        foreach (var part in parts) (product, size) = (product + part.Product, size + part.Size);
        return (product, size);
    }

    /// <summary>y += factor · x, and then Σ yᵢzᵢ.</summary>
    /// <param name="free">False for the coordinates of y that become 0 instead; empty: none.</param>
    public double AddScaledAndDot(float[] x, double factor, double[] y, float[] z, bool[] free) => Sum(y.Length, piece =>
    {
        return free.Length == 0
            ? Vectors.AddScaledAndDot(x.AsSpan(piece), factor, y.AsSpan(piece), z.AsSpan(piece))
            : FreeVectors.AddScaledAndDot(x.AsSpan(piece), factor, y.AsSpan(piece), z.AsSpan(piece), free.AsSpan(piece));
    });

    /// <summary>y = factor · x; the two may be the same.</summary>
    /// <param name="free">False for the coordinates of y that become 0 instead; empty: none.</param>
    public void Scale(double[] x, double factor, double[] y, bool[] free) => Run(y.Length, (_, piece) =>
    {
        if (free.Length == 0) Vectors.Scale(x.AsSpan(piece), factor, y.AsSpan(piece));
        else FreeVectors.Scale(x.AsSpan(piece), factor, y.AsSpan(piece), free.AsSpan(piece));
    });

    /// <summary>a − b rounded to float32, in a new array.</summary>
    public float[] NarrowDifference(double[] a, double[] b)
    {
        var result = SpareNumbers.TakeAny<float>(a.Length);
        Run(a.Length, (_, piece) => Vectors.SubtractNarrow(a.AsSpan(piece), b.AsSpan(piece), result.AsSpan(piece)));
        return result;
    }

    /// <summary>point + length · direction, each number rounded to float32, in a new array.</summary>
    public double[] RoundedSum(double[] point, double length, double[] direction)
    {
        var result = GC.AllocateUninitializedArray<double>(point.Length);
        Run(point.Length, (_, piece) =>
            Vectors.RoundedSum(point.AsSpan(piece), length, direction.AsSpan(piece), result.AsSpan(piece)));
        return result;
    }

    /// <summary>max |gᵢ| / yardstickᵢ; NaN where a gᵢ is.</summary>
    /// <param name="yardstick">Empty: all 1.</param>
    public double MaxRatio(double[] gradient, double[] yardstick)
    {
        var parts = new double[PieceCount(gradient.Length)];
        Run(gradient.Length, (i, piece) => parts[i] = yardstick.Length == 0
            ? Vectors.MaxAbsolute(gradient.AsSpan(piece))
            : Vectors.MaxRatio(gradient.AsSpan(piece), yardstick.AsSpan(piece)));
        var max = 0.0;
        foreach (var part in parts) max = Math.Max(max, part);
        return max;
    }

    /// <summary>The sum of what each piece gives, in their order.</summary>
    /// <param name="pieceLength">At least 1.</param>
    public double Sum(int length, Func<Range, double> body, int pieceLength = PieceLength)
    {
        var parts = new double[PieceCount(length, pieceLength)];
        Run(length, (i, piece) => parts[i] = body(piece), pieceLength);
        var sum = 0.0;
        foreach (var part in parts) sum += part;
        return sum;
    }

    /// <summary>Every piece of a vector, with its number; pieces may run at once.</summary>
    /// <param name="pieceLength">At least 1.</param>
    public void Run(int length, Action<int, Range> body, int pieceLength = PieceLength) => parallel.Run(
        PieceCount(length, pieceLength), i => body(i, (i * pieceLength)..(int)Math.Min((i + 1L) * pieceLength, length)));

    public static int PieceCount(int length, int pieceLength = PieceLength) => (int)((length + pieceLength - 1L) / pieceLength);
}

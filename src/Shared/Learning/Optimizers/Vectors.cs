namespace DistTrain.Learning.Optimizers;

/// <summary>The optimisers' vector arithmetic, in one fixed order of operations. Vectors of a call are of equal length.</summary>
static class Vectors
{
    /// <summary>Σ aᵢbᵢ in four interleaved sums: shorter chains of additions are faster and err less.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0);
        var i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.Length; i++) s0 += a[i] * b[i];
        return s0 + s1 + (s2 + s3);
    }

    /// <summary>y += factor · x.</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        for (var i = 0; i < y.Length; i++) y[i] += factor * x[i];
    }

    public static double[] Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var result = new double[a.Length];
        for (var i = 0; i < result.Length; i++) result[i] = a[i] - b[i];
        return result;
    }

    /// <summary>point + length · direction, each number rounded to float32.</summary>
    public static double[] RoundedSum(ReadOnlySpan<double> point, double length, ReadOnlySpan<double> direction)
    {
        var result = new double[point.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)(point[i] + length * direction[i]);
        return result;
    }

    /// <summary>Each number rounded to float32.</summary>
    public static double[] Rounded(ReadOnlySpan<double> point)
    {
        var result = new double[point.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)point[i];
        return result;
    }

    /// <summary>max |gᵢ| / yardstickᵢ; NaN where a gᵢ is.</summary>
    public static double MaxRatio(ReadOnlySpan<double> gradient, ReadOnlySpan<double> yardstick)
    {
        var max = 0.0;
        for (var i = 0; i < gradient.Length; i++) max = Math.Max(max, Math.Abs(gradient[i]) / yardstick[i]);
        return max;
    }
}

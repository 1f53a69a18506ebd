using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>The function that training minimises, seen from the sums that workers return, with its units and its starting point.</summary>
/// <remarks>
///   F(W, b) = loss/S + λ₂/2 ‖W‖²,   ∂F/∂W = G/S + λ₂W,   ∂F/∂b = g/S
/// with raw sums loss = Σ vᵢ(lse(zᵢ) − Σ qᵢ,k zᵢ,k), G, g and S = Σ vᵢ (<see cref="Targets"/>); divided once, here. Vectors are laid out as <see cref="Parameters.Values"/>.
/// </remarks>
public sealed class PenalizedObjective
{
    readonly TrainingStatistics _statistics;

    public PenalizedObjective(TrainingStatistics statistics, double l2)
    {
        _statistics = statistics;
        L2 = l2;
        Shape = ModelShape.Of(statistics.Manifest);
        Yardstick = ColumnSizes();
    }

    public ModelShape Shape { get; }

    public Scales Scales => _statistics.Scales;

    /// <summary>How labels enter the loss.</summary>
    public Targets Targets => _statistics.Targets;

    /// <summary>λ₂.</summary>
    public double L2 { get; }

    /// <summary>For each parameter max(1, rms of its column as held), 1 for intercepts: the unit of gradients in --tolerance.</summary>
    public double[] Yardstick { get; }

    /// <summary>W = 0 and intercepts at the log of the targets' means, the optimum without features.</summary>
    public Parameters StartingPoint()
    {
        var start = new Parameters(Shape);
        for (var k = 0; k < Shape.ClassCount; k++)
            start.Intercepts[k] = PinnedMath.Log(_statistics.TargetWeights[k] / _statistics.WeightSum);
        return start;
    }

    /// <summary>F and its gradient, a new array, from the sums over the whole training part.</summary>
    public (double Value, double[] Gradient) Of(EvaluationSums sums, double[] point) => Of(sums, point, _statistics.WeightSum);

    /// <summary>max |gradient| / <see cref="Yardstick"/>.</summary>
    public double GradientMax(double[] gradient)
    {
        var max = 0.0;
        for (var i = 0; i < gradient.Length; i++) max = Math.Max(max, Math.Abs(gradient[i]) / Yardstick[i]);
        return max;
    }

    /// <summary>Non-finite sums make a value of +∞ and no gradient.</summary>
    (double Value, double[] Gradient) Of(EvaluationSums sums, double[] point, double weight)
    {
        if (sums.NonFinite) return (double.PositiveInfinity, []);

        var gradient = sums.GradientSums(Scales);
        for (var i = 0; i < gradient.Length; i++) gradient[i] /= weight;

        var squares = 0.0;
        for (var i = 0; i < Shape.ClassCount * Shape.FeatureCount; i++)
        {
            gradient[i] += L2 * point[i];
            squares += point[i] * point[i];
        }
        return (EvaluationSums.ToNumber(sums.Loss, Scales) / weight + L2 / 2 * squares, gradient);
    }

    /// <summary>max(1, √((1/S)Σ vᵢxᵢd²)) for each weight, 1 for each intercept.</summary>
    double[] ColumnSizes()
    {
        var sizes = new double[Shape.ParameterCount];
        Array.Fill(sizes, 1);
        for (var i = 0; i < Shape.ClassCount * Shape.FeatureCount; i++)
            sizes[i] = Math.Max(1, Math.Sqrt(_statistics.SquareSums[i % Shape.FeatureCount] / _statistics.WeightSum));
        return sizes;
    }
}

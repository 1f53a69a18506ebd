using System.Runtime.CompilerServices;
using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>The function that training minimises, seen from the sums that workers return, with its units and its starting point.</summary>
/// <remarks>
///   F(W, b) = loss/S + Σ_d ( λ₂,d/2 Σₖ W_kd² + λ₁,d Σₖ |W_kd| ),   ∂F/∂W = G/S + λ₂W + λ₁ sign W,   ∂F/∂b = g/S
/// with raw sums loss = Σ vᵢ(lse(zᵢ) − Σ qᵢ,k zᵢ,k), G, g and S = Σ vᵢ (<see cref="Targets"/>); divided once, here. Gradients leave the
/// term of λ₁ out, which has an edge at 0: they are of the smooth part, and <see cref="PseudoGradient"/> adds the rest. Vectors are laid
/// out as
/// <see cref="Parameters.Values"/>.
/// </remarks>
public sealed class PenalizedObjective
{
    readonly TrainingStatistics _statistics;
    readonly LongVectors _vectors;

    /// <param name="vectors">Null: all on one thread.</param>
    public PenalizedObjective(TrainingStatistics statistics, Penalty penalty, LongVectors? vectors = null)
    {
        (_statistics, _vectors) = (statistics, vectors ?? LongVectors.Serial);
        Penalty = penalty;
        Shape = ModelShape.Of(statistics.Manifest);
        Yardstick = ColumnSizes();
        L1 = penalty.HasL1 ? penalty.L1OfParameters(Shape) : [];
    }

    public ModelShape Shape { get; }

    public TrainingStatistics Statistics => _statistics;

    public Scales Scales => _statistics.Scales;

    /// <summary>How labels enter the loss.</summary>
    public Targets Targets => _statistics.Targets;

    public Penalty Penalty { get; }

    /// <summary>λ₁ of each parameter; empty where there is none.</summary>
    public double[] L1 { get; }

    /// <summary>
    /// For each parameter max(1, rms of its column as held), 1 for intercepts: the unit of gradients in --tolerance. Empty where all are 1.
    /// </summary>
    public double[] Yardstick { get; }

    /// <summary>
    /// Where training starts: at <paramref name="initial"/>, intercepts doing what the weights of constant columns did there; else at W = 0
    /// and intercepts at the log of the targets' means, the optimum without features.
    /// </summary>
    public Parameters StartingPoint(Parameters? initial = null) => initial is null ? Prior() : WithoutConstants(initial);

    Parameters Prior()
    {
        var start = new Parameters(Shape);
        for (var k = 0; k < Shape.ClassCount; k++)
            start.Intercepts[k] = PinnedMath.Log(_statistics.TargetWeights[k] / _statistics.WeightSum);
        return start;
    }

    /// <summary>The same model but for weights of constant columns, whose part goes to the intercepts. A new object.</summary>
    [MethodImpl(Compilation.Full)]
    public Parameters WithoutConstants(Parameters parameters)
    {
        var result = new Parameters(Shape, [.. parameters.Values]);
        for (var k = 0; k < Shape.ClassCount; k++)
        {
            var weights = result.WeightsOf(k);
            for (var d = 0; d < weights.Length; d++)
            {
                if (!Penalty.IsConstant(d)) continue;
                result.Intercepts[k] += weights[d] * _statistics.Sums[d] / _statistics.WeightSum;
                weights[d] = 0;
            }
        }
        return result;
    }

    /// <summary>F and the gradient of its smooth part, a new array, from the sums over the whole training part.</summary>
    public (double Value, double[] Gradient) Of(EvaluationSums sums, double[] point) => Of(sums, point, _statistics.WeightSum);

    /// <summary>max |∂F| / <see cref="Yardstick"/>, where F has an edge of the least of its slopes.</summary>
    /// <param name="gradient">Of the smooth part.</param>
    public double GradientMax(double[] gradient, double[] point) => _vectors.MaxRatio(PseudoGradient.Of(point, gradient, L1, _vectors), Yardstick);

    /// <summary>Non-finite sums make a value of +∞ and no gradient.</summary>
    (double Value, double[] Gradient) Of(EvaluationSums sums, double[] point, double weight)
    {
        if (sums.NonFinite) return (double.PositiveInfinity, []);

        var gradient = SpareNumbers.TakeAny<double>(Shape.ParameterCount);
        var weightCount = Shape.ClassCount * Shape.FeatureCount;
        var penalties = new double[FeaturePieceCount];
        sums.ReadGradient(Scales, weight, Intercepts, gradient);
        ForFeatures((i, features) =>
        {
            sums.ReadGradient(Scales, weight, features, gradient);
            penalties[i] = Penalty.AddTo(gradient.AsSpan(0, weightCount), point.AsSpan(0, weightCount), features);
        });
        return (EvaluationSums.ToNumber(sums.Loss, Scales) / weight + penalties.Sum(), gradient);
    }

    /// <summary>The gradient of sums, [K, D] then [K], each divided by its scale alone; not of a batch with sparse features.</summary>
    /// <returns>The caller's alone.</returns>
    internal double[] GradientSums(EvaluationSums sums)
    {
        var gradient = SpareNumbers.TakeAny<double>(Shape.ParameterCount);
        sums.ReadGradient(Scales, 1, Intercepts, gradient);
        ForFeatures((_, features) => sums.ReadGradient(Scales, 1, features, gradient));
        return gradient;
    }

    /// <summary>Pieces of features, of all classes, that are worked on at once.</summary>
    internal int FeaturePieceCount => LongVectors.PieceCount(Shape.FeatureCount, FeaturePieceLength);

    /// <summary>Every piece of the features, with its number; pieces may run at once.</summary>
    internal void ForFeatures(Action<int, Range> body) => _vectors.Run(Shape.FeatureCount, body, FeaturePieceLength);

    int FeaturePieceLength => Math.Max(1, LongVectors.PieceLength / Shape.ClassCount);

    /// <summary>As a range of features.</summary>
    Range Intercepts => Shape.FeatureCount..(Shape.FeatureCount + 1);

    /// <summary>max(1, √((1/S)Σ vᵢxᵢd²)) for each weight, 1 for each intercept.</summary>
    double[] ColumnSizes()
    {
        double[] columns = [.. _statistics.SquareSums.Select(square => Math.Max(1, Math.Sqrt(square / _statistics.WeightSum)))];
        if (Array.TrueForAll(columns, size => size == 1)) return [];

        var sizes = new double[Shape.ParameterCount];
        Array.Fill(sizes, 1);
        for (var k = 0; k < Shape.ClassCount; k++) columns.CopyTo(sizes, k * columns.Length);
        return sizes;
    }
}

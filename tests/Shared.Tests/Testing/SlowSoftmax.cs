using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>
/// The kernels' slow twin: the formulas of docs/math.md in double on rows, with the platform's exp and log.
///   z = W·x + b,  loss = v·(logsumexp(z) − q·z),  ∂loss/∂z = v·(softmax(z) − q),  v = w·c[label],  q = (1 − ε)·onehot(label) + ε/K
/// </summary>
sealed class SlowSoftmax
{
    public double Loss { get; private set; }

    /// <summary>−log of natural probabilities, at example weights.</summary>
    public double LogLoss { get; private set; }

    public double Weight { get; private set; }

    public double TrainingWeight { get; private set; }

    public long RowCount { get; private set; }

    public long ImpossibleRowCount { get; private set; }

    /// <summary>[K, D] then [K], as <see cref="Parameters.Values"/>.</summary>
    public double[] Gradient { get; }

    /// <summary>Weight of rows of class i, inactive ones last, given label j.</summary>
    public double[,] Confusion { get; }

    /// <summary>Largest |z_j − z_k| seen in a counted row; what float logits lose grows with it.</summary>
    public double LogitRange { get; private set; }

    public SlowSoftmax(ExampleRows rows, Parameters parameters)
    {
        Gradient = new double[parameters.Shape.ParameterCount];
        Confusion = new double[rows.Shape.ObservedClassCount, rows.ClassCount];
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows.WeightOf(row) > 0) Add(rows, row, parameters);
        }
    }

    public static double[] Logits(float[] x, Parameters parameters)
    {
        var logits = parameters.Intercepts.ToArray();
        for (var k = 0; k < logits.Length; k++)
        {
            var weights = parameters.WeightsOf(k);
            for (var d = 0; d < x.Length; d++) logits[k] += weights[d] * x[d];
        }
        return logits;
    }

    public static double[] Softmax(double[] logits)
    {
        var exponentials = logits.Select(z => Math.Exp(z - logits.Max())).ToArray();
        var sum = exponentials.Sum();
        return [.. exponentials.Select(e => e / sum)];
    }

    public static double LogSumExp(double[] logits) => logits.Max() + Math.Log(logits.Sum(z => Math.Exp(z - logits.Max())));

    void Add(ExampleRows rows, int row, Parameters parameters)
    {
        var (x, label, weight) = (rows.Features[row], rows.Labels[row], (double)rows.WeightOf(row));
        Weight += weight;
        RowCount++;
        var logits = Logits(x, parameters);
        Confusion[label < 0 ? rows.ClassCount + -label - 1 : label, Array.IndexOf(logits, logits.Max())] += weight;
        if (label < 0)
        {
            ImpossibleRowCount++;
            return;
        }

        LogitRange = Math.Max(LogitRange, logits.Max() - logits.Min());
        var (targets, classes, features) = (rows.Targets, rows.ClassCount, x.Length);
        double[] natural = [.. logits.Select((z, k) => z - Math.Log(targets.ClassWeightOf(k)))];
        LogLoss += weight * (LogSumExp(natural) - natural[label]);
        weight *= targets.ClassWeightOf(label);
        double[] target = [.. logits.Select((_, k) => (k == label ? 1 - targets.LabelSmoothing : 0) + targets.LabelSmoothing / classes)];
        TrainingWeight += weight;
        Loss += weight * (LogSumExp(logits) - logits.Zip(target, (z, q) => q * z).Sum());

        double[] residual = [.. Softmax(logits).Zip(target, (p, q) => p - q)];
        for (var k = 0; k < classes; k++)
        {
            for (var d = 0; d < features; d++) Gradient[k * features + d] += weight * residual[k] * x[d];
            Gradient[classes * features + k] += weight * residual[k];
        }
    }
}

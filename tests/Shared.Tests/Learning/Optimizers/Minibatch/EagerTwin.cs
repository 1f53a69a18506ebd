using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Learning.Optimizers.Minibatch;

/// <summary>Each minibatch optimiser written plainly: every step goes over all weights, and penalises every one of them.</summary>
/// <param name="weights">[D + 1][K]; the last feature is the intercepts, which have no penalty.</param>
sealed class EagerTwin(
    OptimizerKind kind, double[] weights, int classCount, double[] yardstick, double[] l2, double[] l1, LearningRate rate, double decay = 0)
{
    const double Mu = 0.9, Beta1 = 0.9, Beta2 = 0.999;

    readonly double[] _first = new double[weights.Length]; // velocity, mean, or z
    readonly double[] _second = new double[weights.Length]; // sum or mean of squares
    readonly int[] _touches = new int[weights.Length];
    readonly double[] _start = [.. weights];
    int _steps;

    public double[] Weights { get; } = weights;

    /// <param name="gradient">[D + 1][K]; NaN where a feature is not touched.</param>
    public void Step(double[] gradient)
    {
        var eta = rate.At(_steps++);
        for (var i = 0; i < Weights.Length; i++)
        {
            var feature = i / classCount;
            var y = yardstick[feature];
            if (kind == OptimizerKind.Ftrl)
            {
                Follow(i, gradient[i] / y, y, feature, (_steps - 1, _steps));
                continue;
            }
            if (!double.IsNaN(gradient[i])) Weights[i] -= eta * UpdateOf(i, gradient[i] / y) / y;
            if (feature < l2.Length) Weights[i] = Penalized(Weights[i], eta, MetricOf(i) / (y * y), l2[feature], l1[feature]);
        }
    }

    double UpdateOf(int i, double g)
    {
        var t = ++_touches[i];
        switch (kind)
        {
            case OptimizerKind.Momentum:
                return _first[i] = Mu * _first[i] + g;
            case OptimizerKind.Nesterov:
                _first[i] = Mu * _first[i] + g;
                return g + Mu * _first[i];
            case OptimizerKind.Adagrad:
                _second[i] += g * g;
                return g / (Math.Sqrt(_second[i]) + 1e-10);
            case OptimizerKind.Adam or OptimizerKind.Adamw:
                _first[i] = Beta1 * _first[i] + (1 - Beta1) * g;
                _second[i] = Beta2 * _second[i] + (1 - Beta2) * g * g;
                return _first[i] / (1 - Math.Pow(Beta1, t)) / (Math.Sqrt(_second[i] / (1 - Math.Pow(Beta2, t))) + 1e-8);
            default:
                return g;
        }
    }

    /// <summary>What a lasting gradient of 1 is made into by one step.</summary>
    double MetricOf(int i) => kind switch
    {
        OptimizerKind.Momentum or OptimizerKind.Nesterov => 1 / (1 - Mu),
        OptimizerKind.Adagrad => _second[i] == 0 ? 0 : 1 / (Math.Sqrt(_second[i]) + 1e-10),
        OptimizerKind.Adam or OptimizerKind.Adamw =>
            _second[i] == 0 ? 0 : 1 / (Math.Sqrt(_second[i] / (1 - Math.Pow(Beta2, _touches[i]))) + 1e-8),
        _ => 1,
    };

    /// <summary>dw/dh = −(sλ₂ + δ)w − sλ₁ sign w over h = η, solved exactly.</summary>
    double Penalized(double w, double eta, double s, double lambda2, double lambda1)
    {
        var shrinking = s * lambda2 + decay;
        if (shrinking == 0) return Math.Sign(w) * Math.Max(0, Math.Abs(w) - s * lambda1 * eta);
        var size = (Math.Abs(w) + s * lambda1 / shrinking) * Math.Exp(-shrinking * eta) - s * lambda1 / shrinking;
        return Math.Sign(w) * Math.Max(0, size);
    }

    void Follow(int i, double g, double y, int feature, (int Before, int After) steps)
    {
        if (_touches[i]++ == 0) _first[i] = -_start[i] * y / rate.Peak;
        if (!double.IsNaN(g))
        {
            var n = _second[i] + g * g;
            _first[i] += g - (Math.Sqrt(n) - Math.Sqrt(_second[i])) / rate.Peak * WeightAt(steps.Before);
            _second[i] = n;
        }
        Weights[i] = WeightAt(steps.After) / y;

        double WeightAt(int t)
        {
            var (lambda2, lambda1) = feature < l2.Length ? (t * l2[feature] / (y * y), t * l1[feature] / y) : (0, 0);
            var rest = Math.Max(0, Math.Abs(_first[i]) - lambda1);
            return -Math.Sign(_first[i]) * rest / ((1 + Math.Sqrt(_second[i])) / rate.Peak + lambda2);
        }
    }
}

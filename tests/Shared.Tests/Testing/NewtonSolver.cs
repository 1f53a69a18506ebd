namespace DistTrain.Shared.Tests.Testing;

/// <summary>
/// Minimises the L2-penalised multinomial objective by dense Newton steps with backtracking, in double, straight from its definition;
/// shares no arithmetic with the product.
/// </summary>
/// <remarks>
/// F = (1/S) Σ vᵢ(lse(zᵢ) − Σ qᵢ,k zᵢ,k) + λ₂/2 ‖W‖², with training weights v and targets q. Intercepts are fixed up to a common shift: the
/// Hessian gets 1·1ᵀ on their block, which leaves their sum where it is. Unknowns are ordered class by class, a class's intercept after its
/// weights.
/// </remarks>
public sealed class NewtonSolver
{
    const int StepsMax = 200;
    const double GradientTarget = 1e-14;

    readonly PlainProblem _problem;
    readonly double _l2;
    readonly double _weightSum;
    readonly int _stride;

    NewtonSolver(PlainProblem problem, double l2) =>
        (_problem, _l2, _weightSum, _stride) = (
            problem, l2, Enumerable.Range(0, problem.RowCount).Sum(problem.TrainingWeightOf), problem.FeatureCount + 1);

    /// <summary>The optimum: its value, W [K, D] then b [K] with Σ b = 0, and the largest entry of the gradient left.</summary>
    public sealed record Optimum(double Objective, double[] Values, double GradientMax);

    public static Optimum Solve(PlainProblem problem, double l2) => new NewtonSolver(problem, l2).Solve();

    /// <summary>F at <paramref name="values"/>, W [K, D] then b [K].</summary>
    public static double Objective(PlainProblem problem, double l2, double[] values) =>
        new NewtonSolver(problem, l2).Value(problem.ClassByClass(values));

    Optimum Solve()
    {
        var point = new double[_problem.ClassCount * _stride];
        var value = Value(point);
        var gradient = Gradient(point);
        for (var step = 0; step < StepsMax && Max(gradient) > GradientTarget; step++)
        {
            var direction = SolvePositive(Hessian(point), gradient);
            var decrement = Dot(direction, gradient);
            var length = decrement > 1e-12 * value ? Backtrack(point, direction, value, decrement) : 1;
            var next = Move(point, direction, length);
            var nextGradient = Gradient(next);
            if (decrement <= 1e-12 * value && Max(nextGradient) >= Max(gradient)) break;
            (point, value, gradient) = (next, Value(next), nextGradient);
        }
        return new Optimum(value, _problem.WeightsThenIntercepts(point), Max(gradient));
    }

    /// <summary>
    /// The first of 1, 1/2, … that decreases enough. Not asked where the value has no digits left: there whole steps are taken.
    /// </summary>
    double Backtrack(double[] point, double[] direction, double value, double decrement)
    {
        var length = 1.0;
        while (!(Value(Move(point, direction, length)) <= value - 1e-4 * length * decrement)) length /= 2;
        return length;
    }

    double[] Logits(double[] point, int row)
    {
        var logits = new double[_problem.ClassCount];
        for (var k = 0; k < logits.Length; k++)
        {
            logits[k] = point[k * _stride + _problem.FeatureCount];
            for (var d = 0; d < _problem.FeatureCount; d++) logits[k] += point[k * _stride + d] * _problem.Features[row][d];
        }
        return logits;
    }

    double Value(double[] point)
    {
        var loss = 0.0;
        for (var i = 0; i < _problem.RowCount; i++)
        {
            var logits = Logits(point, i);
            var max = logits.Max();
            var target = logits.Select((z, k) => _problem.TargetOf(i, k) * z).Sum();
            loss += _problem.TrainingWeightOf(i) * (max - target + Math.Log(logits.Sum(z => Math.Exp(z - max))));
        }
        return loss / _weightSum + _l2 / 2 * point.Where((_, j) => !IsIntercept(j)).Sum(w => w * w);
    }

    double[] Probabilities(double[] point, int row)
    {
        var logits = Logits(point, row);
        var max = logits.Max();
        var masses = logits.Select(z => Math.Exp(z - max)).ToArray();
        var sum = masses.Sum();
        return [.. masses.Select(mass => mass / sum)];
    }

    double[] Gradient(double[] point)
    {
        var gradient = point.Select((value, j) => IsIntercept(j) ? 0 : _l2 * value).ToArray();
        for (var i = 0; i < _problem.RowCount; i++)
        {
            var probabilities = Probabilities(point, i);
            for (var k = 0; k < _problem.ClassCount; k++)
            {
                var residual = _problem.TrainingWeightOf(i) / _weightSum * (probabilities[k] - _problem.TargetOf(i, k));
                for (var d = 0; d < _stride; d++) gradient[k * _stride + d] += residual * Feature(i, d);
            }
        }
        return gradient;
    }

    double[,] Hessian(double[] point)
    {
        var hessian = new double[point.Length, point.Length];
        for (var i = 0; i < _problem.RowCount; i++)
        {
            if (_problem.TrainingWeightOf(i) > 0) AddCurvature(hessian, i, Probabilities(point, i));
        }
        for (var j = 0; j < point.Length; j++)
        {
            for (var l = 0; l < point.Length; l++)
            {
                if (j == l && !IsIntercept(j)) hessian[j, l] += _l2;
                if (IsIntercept(j) && IsIntercept(l)) hessian[j, l] += 1;
            }
        }
        return hessian;
    }

    void AddCurvature(double[,] hessian, int row, double[] probabilities)
    {
        for (var k = 0; k < _problem.ClassCount; k++)
        {
            for (var m = 0; m < _problem.ClassCount; m++)
            {
                var curvature = _problem.TrainingWeightOf(row) / _weightSum * probabilities[k] * ((k == m ? 1 : 0) - probabilities[m]);
                for (var d = 0; d < _stride; d++)
                {
                    for (var e = 0; e < _stride; e++)
                        hessian[k * _stride + d, m * _stride + e] += curvature * Feature(row, d) * Feature(row, e);
                }
            }
        }
    }

    double Feature(int row, int d) => d < _problem.FeatureCount ? _problem.Features[row][d] : 1;

    bool IsIntercept(int j) => j % _stride == _problem.FeatureCount;

    /// <summary>Solves A·x = y for symmetric positive definite A, by Cholesky with the rows scaled to a diagonal of ones.</summary>
    internal static double[] SolvePositive(double[,] a, double[] y)
    {
        var n = y.Length;
        var scale = Enumerable.Range(0, n).Select(j => 1 / Math.Sqrt(a[j, j])).ToArray();
        var lower = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i, j] * scale[i] * scale[j];
                for (var l = 0; l < j; l++) sum -= lower[i, l] * lower[j, l];
                lower[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-30)) : sum / lower[j, j];
            }
        }
        var x = y.Select((value, j) => value * scale[j]).ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var l = 0; l < i; l++) x[i] -= lower[i, l] * x[l];
            x[i] /= lower[i, i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var l = i + 1; l < n; l++) x[i] -= lower[l, i] * x[l];
            x[i] /= lower[i, i];
        }
        return [.. x.Select((value, j) => value * scale[j])];
    }

    static double[] Move(double[] point, double[] direction, double length) =>
        [.. point.Zip(direction, (x, d) => x - length * d)];

    static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    static double Max(double[] gradient) => gradient.Max(Math.Abs);
}

namespace DistTrain.Shared.Tests.Testing;

/// <summary>
/// Minimises the multinomial objective with λ₂ and λ₁ of each feature by proximal Newton steps, in double, straight
/// from the definitions; shares no arithmetic with the product.
/// </summary>
/// <remarks>
/// F = (1/S) Σ vᵢ(lse(zᵢ) − Σₖ qᵢₖzᵢₖ) + Σ_d ( λ₂,d/2 Σₖ W_kd² + λ₁,d Σₖ |W_kd| ). Each step minimises the quadratic model of the loss with
/// the penalty as it is, then halves its length until F falls enough. Intercepts are fixed up to a common shift: the
/// Hessian gets 1·1ᵀ on their block. Unknowns are ordered class by class, a class's intercept after its weights.
/// </remarks>
public sealed class ProximalSolver
{
    const int StepsMax = 300;
    const int RoundsMax = 200;
    const int SweepsPerRound = 20;
    const double ResidualTarget = 1e-11;

    readonly PlainProblem _problem;
    readonly Penalties _penalties;
    readonly double _weightSum;
    readonly int _stride;
    readonly int[][] _nonzeros;

    ProximalSolver(PlainProblem problem, Penalties penalties)
    {
        (_problem, _penalties) = (problem, penalties);
        (_weightSum, _stride) = (Enumerable.Range(0, problem.RowCount).Sum(problem.TrainingWeightOf), problem.FeatureCount + 1);
        _nonzeros = [.. problem.Features.Select(row => Enumerable.Range(0, _stride).Where(d => d == row.Length || row[d] != 0).ToArray())];
    }

    /// <summary>λ₂ and λ₁ of each feature.</summary>
    public sealed record Penalties(double[] L2, double[] L1);

    /// <summary>The optimum: its value, W [K, D] then b [K] with Σ b = 0, and the largest entry of the least subgradient left.</summary>
    public sealed record Optimum(double Objective, double[] Values, double Residual);

    public static Optimum Solve(PlainProblem problem, Penalties penalties) => new ProximalSolver(problem, penalties).Solve();

    /// <summary>F at <paramref name="values"/>, W [K, D] then b [K].</summary>
    public static double Objective(PlainProblem problem, Penalties penalties, double[] values) =>
        new ProximalSolver(problem, penalties).Value(problem.ClassByClass(values));

    Optimum Solve()
    {
        var point = new double[_problem.ClassCount * _stride];
        var value = Value(point);
        var gradient = LossGradient(point);
        for (var step = 0; step < StepsMax && Residual(point, gradient) > ResidualTarget; step++)
        {
            var target = MinimizeModel(point, gradient, Hessian(point));
            var (next, nextValue) = Backtrack(point, target, value, gradient);
            var nextGradient = LossGradient(next);
            if (value - nextValue <= 1e-15 * value && Residual(next, nextGradient) >= Residual(point, gradient)) break;
            (point, value, gradient) = (next, nextValue, nextGradient);
        }
        return new Optimum(value, _problem.WeightsThenIntercepts(point), Residual(point, gradient));
    }

    /// <summary>
    /// Minimises gᵀz + ½zᵀHz + R(x + z) by sweeps over the coordinates and, in between, over all that are not 0 at once; gives x + z.
    /// </summary>
    double[] MinimizeModel(double[] point, double[] gradient, double[][] hessian)
    {
        var (target, slopes) = ((double[])point.Clone(), (double[])gradient.Clone());
        var precision = Math.Max(ResidualTarget / 10, 1e-3 * Residual(point, gradient));
        for (var round = 0; round < RoundsMax; round++)
        {
            for (var sweep = 0; sweep < SweepsPerRound; sweep++)
            {
                if (Sweep(target, slopes, hessian) <= precision) return target;
            }
            MoveSupport(target, slopes, hessian);
        }
        return target;
    }

    /// <summary>Each coordinate to its best place; gives the largest change in units of slopes.</summary>
    double Sweep(double[] target, double[] slopes, double[][] hessian)
    {
        var moved = 0.0;
        for (var j = 0; j < target.Length; j++)
        {
            var curvature = hessian[j][j] + L2(j);
            if (curvature == 0) continue;
            var change = Shrink(target[j] * hessian[j][j] - slopes[j], L1(j)) / curvature - target[j];
            if (change == 0) continue;

            target[j] += change;
            Shift(slopes, hessian[j], change);
            moved = Math.Max(moved, Math.Abs(change) * curvature);
        }
        return moved;
    }

    /// <summary>Newton's step for the coordinates that are not 0, as far as none changes its sign.</summary>
    void MoveSupport(double[] target, double[] slopes, double[][] hessian)
    {
        int[] support = [.. Enumerable.Range(0, target.Length).Where(j => (target[j] != 0 || L1(j) == 0) && hessian[j][j] + L2(j) > 0)];
        var block = new double[support.Length, support.Length];
        for (var i = 0; i < support.Length; i++)
        {
            for (var l = 0; l < support.Length; l++) block[i, l] = hessian[support[i]][support[l]];
            block[i, i] = (block[i, i] + L2(support[i])) * (1 + 1e-9); // Columns that add up to others make it singular.
        }
        var step = NewtonSolver.SolvePositive(
            block, [.. support.Select(j => slopes[j] + L2(j) * target[j] + L1(j) * Math.Sign(target[j]))]);
        var length = 1.0;
        foreach (var (i, j) in support.Index())
        {
            if (L1(j) > 0 && target[j] / step[i] is > 0 and var zero) length = Math.Min(length, zero);
        }
        foreach (var (i, j) in support.Index())
        {
            target[j] -= length * step[i];
            Shift(slopes, hessian[j], -length * step[i]);
        }
    }

    static void Shift(double[] slopes, double[] row, double change)
    {
        for (var l = 0; l < slopes.Length; l++) slopes[l] += change * row[l];
    }

    static double Shrink(double x, double by) => x > by ? x - by : x < -by ? x + by : 0;

    /// <summary>The first of 1, ½, … of the way that decreases enough; the whole where F has no digits left to tell.</summary>
    (double[] Point, double Value) Backtrack(double[] point, double[] target, double value, double[] gradient)
    {
        var expected = Enumerable.Range(0, point.Length).Sum(j => gradient[j] * (target[j] - point[j])) + Penalty(target) - Penalty(point);
        for (var length = 1.0; ; length /= 2)
        {
            double[] next = length == 1 ? target : [.. point.Zip(target, (x, t) => x + length * (t - x))];
            var nextValue = Value(next);
            if (nextValue <= value + 1e-4 * length * expected || -length * expected <= 1e-13 * value) return (next, nextValue);
        }
    }

    double[] Probabilities(double[] point, int row, out double loss)
    {
        var logits = new double[_problem.ClassCount];
        for (var k = 0; k < logits.Length; k++)
        {
            foreach (var d in _nonzeros[row]) logits[k] += point[k * _stride + d] * Feature(row, d);
        }
        var max = logits.Max();
        var masses = logits.Select(z => Math.Exp(z - max)).ToArray();
        var sum = masses.Sum();
        loss = max + Math.Log(sum) - logits.Select((z, k) => _problem.TargetOf(row, k) * z).Sum();
        return [.. masses.Select(mass => mass / sum)];
    }

    double Value(double[] point)
    {
        var sum = 0.0;
        for (var i = 0; i < _problem.RowCount; i++)
        {
            Probabilities(point, i, out var loss);
            sum += _problem.TrainingWeightOf(i) * loss;
        }
        return sum / _weightSum + Penalty(point);
    }

    double Penalty(double[] point) => point.Select((x, j) => L2(j) / 2 * x * x + L1(j) * Math.Abs(x)).Sum();

    double[] LossGradient(double[] point)
    {
        var gradient = new double[point.Length];
        for (var i = 0; i < _problem.RowCount; i++)
        {
            var probabilities = Probabilities(point, i, out _);
            for (var k = 0; k < probabilities.Length; k++)
            {
                var residual = _problem.TrainingWeightOf(i) / _weightSum * (probabilities[k] - _problem.TargetOf(i, k));
                foreach (var d in _nonzeros[i]) gradient[k * _stride + d] += residual * Feature(i, d);
            }
        }
        return gradient;
    }

    double[][] Hessian(double[] point)
    {
        var hessian = point.Select(_ => new double[point.Length]).ToArray();
        for (var i = 0; i < _problem.RowCount; i++)
        {
            var p = Probabilities(point, i, out _);
            for (var k = 0; k < p.Length; k++)
            {
                for (var m = 0; m < p.Length; m++)
                {
                    var curvature = _problem.TrainingWeightOf(i) / _weightSum * p[k] * ((k == m ? 1 : 0) - p[m]);
                    foreach (var d in _nonzeros[i])
                    {
                        var (row, x) = (hessian[k * _stride + d], curvature * Feature(i, d));
                        foreach (var e in _nonzeros[i]) row[m * _stride + e] += x * Feature(i, e);
                    }
                }
            }
        }
        for (var k = 0; k < _problem.ClassCount; k++)
        {
            for (var m = 0; m < _problem.ClassCount; m++) hessian[k * _stride + _stride - 1][m * _stride + _stride - 1] += 1;
        }
        return hessian;
    }

    /// <summary>The largest entry of the least subgradient of F.</summary>
    double Residual(double[] point, double[] lossGradient)
    {
        var residual = 0.0;
        for (var j = 0; j < point.Length; j++)
        {
            var slope = lossGradient[j] + L2(j) * point[j];
            residual = Math.Max(residual, Math.Abs(point[j] == 0 ? Shrink(slope, L1(j)) : slope + L1(j) * Math.Sign(point[j])));
        }
        return residual;
    }

    double Feature(int row, int d) => d < _problem.FeatureCount ? _problem.Features[row][d] : 1;

    double L2(int j) => IsIntercept(j) ? 0 : _penalties.L2[j % _stride];

    double L1(int j) => IsIntercept(j) ? 0 : _penalties.L1[j % _stride];

    bool IsIntercept(int j) => j % _stride == _problem.FeatureCount;
}

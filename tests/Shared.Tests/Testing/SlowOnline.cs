using DistTrain.Learning;
using DistTrain.Learning.Online;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>The online pass's slow twin: the same method on rows of doubles, every weight written down after every batch.</summary>
static class SlowOnline
{
    /// <summary>Σ w|x_d| times the move of each weight, at [d·K + k], intercepts last.</summary>
    public static double[] Moves(
        double[][] features, int[] labels, double[] weights, Targets targets, OnlinePass pass, Parameters start)
    {
        var (classes, width) = (start.Shape.ClassCount, start.Shape.FeatureCount + 1);
        double[][] rows = [.. features.Select(x => (double[])[.. x, 1])];
        double StartOf(int d, int k) => d < width - 1 ? start.WeightsOf(k)[d] : start.Intercepts[k];
        double[][] w = [.. Enumerable.Range(0, width).Select(d => Enumerable.Range(0, classes).Select(k => StartOf(d, k)).ToArray())];
        var (squares, counts, sizes, history) = (new double[width], new int[width], new double[width], new double[width]);
        var last = new int[width];
        double[][] mean = [.. w.Select(_ => new double[classes])];
        var batchCount = (rows.Length + pass.BatchRows - 1) / pass.BatchRows;
        for (var batch = 1; batch <= batchCount; batch++)
        {
            var gradient = w.Select(_ => new double[classes]).ToArray();
            var (total, touched) = (0.0, new bool[width]);
            for (var i = (batch - 1) * pass.BatchRows; i < Math.Min(batch * pass.BatchRows, rows.Length); i++)
            {
                if (weights[i] == 0 || labels[i] < 0) continue;
                var v = weights[i] * targets.ClassWeightOf(labels[i]);
                total += v;
                var p = SlowSoftmax.Softmax([.. Enumerable.Range(0, classes).Select(k => rows[i].Select((x, d) => x * w[d][k]).Sum())]);
                foreach (var d in Enumerable.Range(0, width).Where(d => rows[i][d] != 0))
                {
                    touched[d] = true;
                    counts[d]++;
                    squares[d] += rows[i][d] * rows[i][d];
                    sizes[d] += weights[i] * Math.Abs(rows[i][d]);
                    for (var k = 0; k < classes; k++)
                    {
                        var q = (labels[i] == k ? 1 - targets.LabelSmoothing : 0) + targets.LabelSmoothing / classes;
                        gradient[d][k] += v * (p[k] - q) * rows[i][d];
                    }
                }
            }
            foreach (var d in Enumerable.Range(0, width).Where(d => touched[d]))
            {
                history[d] += gradient[d].Sum(g => g / total * (g / total));
                var rate = history[d] == 0 ? 0 : pass.LearningRate / Math.Sqrt(squares[d] / counts[d] * history[d]);
                var (l2, l1) = d < width - 1 ? (pass.Penalty.L2[d], pass.Penalty.L1[d]) : (0, 0);
                for (var k = 0; k < classes; k++)
                {
                    var moved = w[d][k] - rate * gradient[d][k] / total;
                    w[d][k] = Math.Sign(moved) * Math.Max(0, Math.Abs(moved) - (batch - last[d]) * rate * l1) / (
                        1 + (batch - last[d]) * rate * l2);
                }
                last[d] = batch;
            }
            if (batch <= batchCount / 2) continue;
            for (var d = 0; d < width; d++)
            {
                for (var k = 0; k < classes; k++) mean[d][k] += w[d][k] / (batchCount - batchCount / 2);
            }
        }
        return [.. from d in Enumerable.Range(0, width) from k in Enumerable.Range(0, classes) select sizes[d] == 0 ? 0 : sizes[d] * (mean[d][k] - StartOf(d, k))];
    }
}

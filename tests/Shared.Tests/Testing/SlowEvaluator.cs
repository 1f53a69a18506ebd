using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Answers questions about plain rows in double, row by row, from the definitions; for tests that need no kernels.</summary>
public sealed class SlowEvaluator
{
    readonly PlainProblem _training;
    readonly PlainProblem? _validation;

    /// <param name="shardRows">Rows of each training shard; one shard where none are given. Validation is one shard.</param>
    public SlowEvaluator(PlainProblem training, PlainProblem? validation = null, params int[] shardRows)
    {
        (_training, _validation) = (training, validation);
        Manifest = training.Manifest(validation, shardRows);
        Scales = new Scales(Manifest);
    }

    public DatasetManifest Manifest { get; }

    public Scales Scales { get; }

    /// <summary>The sums over all shards.</summary>
    public EvaluationSums Answer(Question question)
    {
        var total = new EvaluationSums(question.Parameters.Shape, question.Request.Kind);
        for (var s = 0; s < Manifest.RowsOf(question.Request.Part).Length; s++)
            total.Add(Answer(question.Request, question.Parameters, new ShardId(s)));
        return total;
    }

    /// <summary>The sums over one shard.</summary>
    public EvaluationSums Answer(EvaluationRequest request, Parameters parameters, ShardId shard)
    {
        var problem = request.Part == DatasetPart.Training ? _training : _validation!;
        var sums = new EvaluationSums(parameters.Shape, request.Kind);
        foreach (var row in RowsOf(request, shard).Where(row => problem.Weights[row] > 0))
            Add(sums, request, problem.Features[row], problem.Labels[row], problem.Weights[row], parameters);
        return sums;
    }

    IEnumerable<int> RowsOf(EvaluationRequest request, ShardId shard)
    {
        var rows = Manifest.RowsOf(request.Part);
        var first = rows.Take(shard.Index).Sum();
        if (request.Batch is not { } batch) return Enumerable.Range(first, rows[shard.Index]);

        var stream = ((ulong)batch.Epoch << 32) + (ulong)shard.Index;
        var part = Permutation.Of(batch.StepsPerEpoch, batch.Seed, stream)[batch.Step];
        var (from, to) = (Cut(part), Cut(part + 1));
        return Enumerable.Range(first + from, to - from);

        int Cut(int index) => (int)((long)index * rows[shard.Index] / batch.StepsPerEpoch);
    }

    void Add(EvaluationSums sums, EvaluationRequest request, double[] x, int label, double weight, Parameters parameters)
    {
        var logits = Logits(parameters, x);
        var (probabilities, loss) = Softmax([.. logits.Select(z => z * request.InverseTemperature)], label);
        if (!double.IsFinite(loss) || loss > 1e30)
        {
            sums.NonFinite = true;
            return;
        }
        sums.RowCount++;
        sums.Weight += FixedPoint.RoundWide(weight, Scales.Intercept);
        if (request.Kind is not (EvaluationKind.Ranking or EvaluationKind.Calibration))
            sums.Loss += FixedPoint.RoundWide(weight * loss, Scales.Intercept);
        sums.Ranking?.Add(probabilities, request.FirstRankedClass, label, weight, Scales.Intercept);
        sums.Calibration?.Add([.. logits], label, request.InverseTemperature, weight, Scales.Intercept);
        if (request.Mix is { } mix) sums.Entropy += FixedPoint.RoundWide(weight * Entropy(mix, probabilities, label), Scales.Intercept);
        if (request.Kind.HasGradient()) AddGradient(sums, x, label, weight, probabilities);
        if (request.Kind.HasConfusion())
        {
            var given = Array.IndexOf(probabilities, probabilities.Max());
            sums.Confusion[label * probabilities.Length + given] += FixedPoint.RoundWide(weight, Scales.Intercept);
            sums.Probabilities!.Add(
                new ScoredRow(probabilities, label, ScoredRow.RankOf(label, logits), loss, weight), Scales.Intercept);
        }
    }

    void AddGradient(EvaluationSums sums, double[] x, int label, double weight, double[] probabilities)
    {
        for (var k = 1; k < probabilities.Length; k++)
        {
            var residual = weight * (probabilities[k] - (label == k ? 1 : 0));
            for (var d = 0; d <= x.Length; d++)
            {
                var (value, scale) = d < x.Length ? (x[d], Scales.Features[d]) : (1, Scales.Intercept);
                if (value != 0) sums.Gradient[d * (probabilities.Length - 1) + k - 1] += FixedPoint.Round(residual * value * scale);
            }
        }
    }

    static double[] Logits(Parameters parameters, double[] x)
    {
        var logits = parameters.Intercepts.ToArray();
        for (var k = 0; k < logits.Length; k++)
        {
            var weights = parameters.WeightsOf(k);
            for (var d = 0; d < x.Length; d++)
            {
                if (x[d] != 0) logits[k] += weights[d] * x[d];
            }
        }
        return logits;
    }

    static (double[] Probabilities, double Loss) Softmax(double[] logits, int label)
    {
        var max = logits.Max();
        var loss = -(logits[label] - max);
        for (var k = 0; k < logits.Length; k++) logits[k] = Math.Exp(logits[k] - max);
        var sum = logits.Sum();
        for (var k = 0; k < logits.Length; k++) logits[k] /= sum;
        return (logits, Math.Log(sum) + loss);
    }

    static double Entropy(CertificateMix mix, double[] probabilities, int label)
    {
        var moved = probabilities.Select((p, k) => mix.Given[k] * p).Sum();
        return probabilities
            .Select((p, k) => (1 - mix.Observed) * ((1 - mix.Given[k]) * p + mix.Received[k] * moved) + (k == label ? mix.Observed : 0))
            .Sum(a => a > 0 ? -a * Math.Log(a) : 0);
    }
}

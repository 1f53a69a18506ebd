using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Learning.Online;
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
        Statistics = TrainingStatistics.Of(Manifest, training.Targets);
    }

    public DatasetManifest Manifest { get; }

    public TrainingStatistics Statistics { get; }

    public Scales Scales => Statistics.Scales;

    Targets Targets => _training.Targets;

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
        if (request.Online is { } pass)
        {
            AddMoves(sums, pass, parameters, [.. RowsOf(request, shard)]);
            return sums;
        }
        foreach (var row in RowsOf(request, shard).Where(row => problem.Weights[row] > 0))
            Add(sums, request, problem with { Targets = Targets }, row, parameters);
        return sums;
    }

    void AddMoves(EvaluationSums sums, OnlinePass pass, Parameters parameters, int[] rows)
    {
        var moves = SlowOnline.Moves(
            [.. rows.Select(row => _training.Features[row])], [.. rows.Select(row => _training.Labels[row])],
            [.. rows.Select(row => _training.Weights[row])], Targets, pass, parameters);
        var (classes, features) = (parameters.Shape.ClassCount, parameters.Shape.FeatureCount);
        for (var i = 0; i < moves.Length; i++)
        {
            var scale = (i / classes < features ? Scales.Features[i / classes] : Scales.Intercept) / OnlinePass.MoveMax;
            sums.Moves[i] += FixedPoint.Round(moves[i] * scale);
        }
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

    void Add(EvaluationSums sums, EvaluationRequest request, PlainProblem problem, int row, Parameters parameters)
    {
        var (x, weight) = (problem.Features[row], problem.Weights[row]);
        var logits = Logits(parameters, x);
        sums.RowCount++;
        sums.Weight += FixedPoint.RoundWide(weight, Scales.Scalar);
        if (request.Kind.HasMetrics()) AddMetrics(sums, request, problem.Labels[row], weight, logits);
        if (request.Kind.HasObjective()) AddObjective(sums, request, problem, row, logits);
    }

    void AddObjective(EvaluationSums sums, EvaluationRequest request, PlainProblem problem, int row, double[] logits)
    {
        double[] target = [.. Enumerable.Range(0, problem.ClassCount).Select(k => problem.TargetOf(row, k))];
        var weight = problem.TrainingWeightOf(row);
        var (probabilities, loss) = Softmax(logits, target);
        if (!double.IsFinite(loss) || loss > 1e30)
        {
            sums.NonFinite = true;
            return;
        }
        sums.TrainingWeight += FixedPoint.RoundWide(weight, Scales.Scalar);
        sums.Loss += FixedPoint.RoundWide(weight * loss, Scales.Scalar);
        if (request.Mix is { } mix) sums.Entropy += FixedPoint.RoundWide(weight * Entropy(mix, probabilities, target), Scales.Scalar);
        if (request.Kind.HasGradient()) AddGradient(sums, problem.Features[row], target, weight, probabilities);
    }

    /// <summary>Natural probabilities, example weights; the label is the model's own.</summary>
    void AddMetrics(EvaluationSums sums, EvaluationRequest request, int label, double weight, double[] logits)
    {
        double[] natural = [.. logits.Select((z, k) => z - Math.Log(Targets.ClassWeightOf(k)))];
        double[] observed = [.. logits.Select((_, k) => k == label ? 1.0 : 0)];
        var (probabilities, loss) = Softmax([.. natural.Select(z => z * request.InverseTemperature)], observed);
        if (!double.IsFinite(loss) || loss > 1e30)
        {
            sums.NonFinite = true;
            return;
        }
        if (request.Kind is EvaluationKind.Metrics) sums.Loss += FixedPoint.RoundWide(weight * loss, Scales.Scalar);
        sums.Ranking?.Add(probabilities, request.FirstRankedClass, label, weight, Scales.Scalar);
        sums.Calibration?.Add(natural, label, request.InverseTemperature, weight, Scales.Scalar);
        if (!request.Kind.HasConfusion()) return;

        var given = Array.IndexOf(logits, logits.Max());
        sums.Confusion[label * logits.Length + given] += FixedPoint.RoundWide(weight, Scales.Scalar);
        sums.Probabilities!.Add(
            new ScoredRow(probabilities, label, ScoredRow.RankOf(label, logits), loss, weight), Scales.Scalar);
    }

    void AddGradient(EvaluationSums sums, double[] x, double[] target, double weight, double[] probabilities)
    {
        for (var k = 1; k < probabilities.Length; k++)
        {
            var residual = weight * (probabilities[k] - target[k]);
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

    static (double[] Probabilities, double Loss) Softmax(double[] logits, double[] target)
    {
        var max = logits.Max();
        var loss = logits.Zip(target, (z, q) => q == 0 ? 0 : q * (max - z)).Sum();
        var masses = logits.Select(z => Math.Exp(z - max)).ToArray();
        var sum = masses.Sum();
        return ([.. masses.Select(mass => mass / sum)], Math.Log(sum) + loss);
    }

    static double Entropy(CertificateMix mix, double[] probabilities, double[] target)
    {
        var moved = probabilities.Select((p, k) => mix.Given[k] * p).Sum();
        return probabilities
            .Select((p, k) => (1 - mix.Observed) * ((1 - mix.Given[k]) * p + mix.Received[k] * moved) + mix.Observed * target[k])
            .Sum(a => a > 0 ? -a * Math.Log(a) : 0);
    }
}

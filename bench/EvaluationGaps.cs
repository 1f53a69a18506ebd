using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using DistTrain.Bench.Kernels;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Bench;

/// <summary>
/// What lies between two evaluations of a full-batch run of many parameters, beside the evaluation itself: sums added up, objective,
/// optimiser, the next trial. 20,000 rows of 100 nonzeros among 50,000 features, K = 20; two threads, no actors.
/// </summary>
static class EvaluationGaps
{
    const int Rows = 20_000;
    const int Features = 50_000;
    const int PerRow = 100;
    const int Classes = 20;
    const int Shards = 16;
    const int Warmups = 10;

    public static void Print(TextWriter output, int evaluations)
    {
        output.WriteLine("| optimizer | kernel ms | between ms | both / kernel | MB allocated | collections | paused ms |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        output.WriteLine(Row("lbfgs", l1: 0, evaluations));
        output.WriteLine(Row("owlqn", l1: 1e-5, evaluations));
    }

    static string Row(string name, double l1, int evaluations)
    {
        var layout = SyntheticShards.SparseLayout(Features);
        var shards = SyntheticShards.Sparse(Rows, Features, PerRow, Classes, Shards);
        var manifest = SyntheticShards.Manifest(layout, shards, Classes, absoluteSum: Rows);
        using var parallel = new ThreadedFor(TwoThreads.Count);
        var evaluators = Enumerable.Range(0, TwoThreads.Count)
            .Select(_ => new ShardEvaluator(ModelShape.Of(manifest), layout, new Scales(manifest), Targets.Plain)).ToArray();
        var answer = Trainer.Start(
            manifest, new TrainingOptions { L2 = 1e-6, L1 = l1, Tolerance = 0, MaxSteps = int.MaxValue }, parallel: parallel);
        var (kernel, between) = (new List<double>(), new List<double>());
        var (bytes, collections, paused) = (0L, 0, TimeSpan.Zero);
        for (var evaluation = -Warmups; evaluation < evaluations; evaluation++)
        {
            if (evaluation == 0) (bytes, collections, paused) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.GetTotalPauseDuration());
            var (question, trainer) = (answer.Question!, answer.Trainer);
            if (question.Request.Kind is not EvaluationKind.Gradient) throw new InvalidOperationException($"It ended after {evaluation} evaluations.");
            var start = Stopwatch.GetTimestamp();
            var contributions = Evaluate(question, layout, shards, evaluators);
            var evaluated = Stopwatch.GetTimestamp();
            answer = new AdvanceTrainer(
                new EvaluationId(evaluation + Warmups), trainer, question.Parameters.Shape, question.Request.Kind, contributions).ComputeOnce();
            var advanced = Stopwatch.GetTimestamp();
            if (evaluation < 0) continue;
            kernel.Add(Stopwatch.GetElapsedTime(start, evaluated).TotalMilliseconds);
            between.Add(Stopwatch.GetElapsedTime(evaluated, advanced).TotalMilliseconds);
        }
        var (kernelTime, betweenTime) = (MedianOf(kernel), MedianOf(between));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {kernelTime:0.0} | {betweenTime:0.0} | {(kernelTime + betweenTime) / kernelTime:0.00} | {(GC.GetTotalAllocatedBytes() - bytes) / 1e6 / evaluations:0.0} | {(GC.CollectionCount(0) - collections) / (double)evaluations:0.0} | {(GC.GetTotalPauseDuration() - paused).TotalMilliseconds / evaluations:0.0} |");
    }

    /// <summary>One contribution of each thread, as of two workers.</summary>
    static ImmutableArray<Contribution> Evaluate(Question question, FeatureLayout layout, Shard[] shards, ShardEvaluator[] evaluators)
    {
        var point = new EvaluationPoint(question.Parameters, layout);
        var sums = evaluators.Select(_ => new EvaluationSums(question.Parameters.Shape, question.Request.Kind)).ToArray();
        TwoThreads.Run(thread =>
        {
            for (var i = thread; i < shards.Length; i += TwoThreads.Count)
                evaluators[thread].Evaluate(question.Request, point, shards[i], sums[thread]);
        });
        return
        [
            .. sums.Select((own, thread) => new Contribution(
                ShardSet.Of(Enumerable.Range(0, Shards).Where(i => i % TwoThreads.Count == thread).Select(i => new ShardId(i))), own)),
        ];
    }

    static double MedianOf(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}

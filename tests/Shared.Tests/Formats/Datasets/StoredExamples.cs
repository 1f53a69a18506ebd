using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Shared.Tests.Data;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats.Datasets;

/// <summary>Datasets of every kind, small.</summary>
public static class StoredExamples
{
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>By name: what to build.</summary>
    static readonly Dictionary<string, Func<Dataset>> All = new()
    {
        ["all storages, weights, gaps"] = () => Build(SmallTables.Mixed(1200, 2), new() { MissingAsMean = true, Shards = 3 }),
        ["all storages, rounded"] = () => Build(
            SmallTables.Mixed(1200, 2), new() { MissingAsMean = true, Shards = 3, DenseFormat = DenseFormat.Bf16 }),
        ["numbers"] = () => Build(
            SmallTables.Of(SmallTables.Alternating(300), SmallTables.Number("x", 300, row => row % 17 / 7.0)), new() { Seed = 9 }),
        ["text"] = () => Build(
            SmallTables.Of(SmallTables.Alternating(300), SmallTables.Text("ü,\"quoted\"", 300, row => $"l{row % 5}é")), new() { ValidationFraction = 0 }),
        ["libsvm"] = () => Build(
            SmallTables.Of(SmallTables.Alternating(400), SmallTables.Indexed(1, [.. Enumerable.Range(0, 400).Select(IndexedRow)])), new()),
        ["a class without weight"] = () => Build(
            SmallTables.Of([.. SmallTables.Alternating(100)], SmallTables.Number("x", 100, row => row)), new() { Classes = ["b", "never", "a"] }),
    };

    public static Dataset Of(string name) => All[name]();

    /// <summary>The hash of the parameters after some steps.</summary>
    public static double[] Train(IShardSource shards, DatasetManifest manifest, TrainingOptions options)
    {
        var (targets, shape) = (options.TargetsOf(manifest), ModelShape.Of(manifest));
        var schedule = new BatchSchedule(manifest);
        var evaluator = new ShardEvaluator(
            shape, manifest.Layout, new Scales(manifest, targets.ClassWeightMax), targets);
        var trace = TrainingTrace.Of(Trainer.Start(manifest, options), question =>
        {
            var sums = new EvaluationSums(shape, question.Request.Kind);
            var point = new EvaluationPoint(question.Parameters, manifest.Layout);
            foreach (var shard in Enumerable.Range(0, manifest.RowsOf(question.Request.Part).Length))
            {
                foreach (var rows in schedule.Open(shards, question.Request, new ShardId(shard)))
                    evaluator.Evaluate(question.Request, point, rows, sums);
            }
            return sums;
        });
        return trace.Result.Parameters.Values;
    }

    static Dataset Build(Table table, DatasetOptions options) => DatasetBuilder.Build(table, null, options);

    static (int Index, double Value)[] IndexedRow(int row) =>
        [(1, 1), (2 + row % 3, row % 2 == 0 ? 1 : 0.5 + row), (10 + row % 40, 1), (1_000_000 + row % 3, -row - 1)];
}

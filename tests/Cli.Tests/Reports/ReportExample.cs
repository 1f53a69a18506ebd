using DistTrain.Coordinator.Reports;
using DistTrain.Coordinator.Reports.Curves;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Training;

namespace DistTrain.Cli.Tests.Reports;

/// <summary>Reports to render, made up: each number can be followed by hand.</summary>
static class ReportExample
{
    /// <summary>Two features and three classes, of which one is small; four steps.</summary>
    public static ReportData Small() => Of(["dislike", "like", "neutral"], ["year", "colour=red"]) with
    {
        History = History(
            new(0, 1, 1, 0.5, 1.0986, 0.25, null), new(1, 2, 2, 0.75, 0.9, 0.01, null),
            new(2, 3, 3, 1, 0.85, 1e-4, null), new(3, 5, 5, 1.5, 0.8, 1e-6, null)),
    };

    /// <summary>Classes and features by name; "column=level" is a level. Everything else follows from their numbers.</summary>
    public static ReportData Of(string[] classes, string[] features)
    {
        var (training, held) = (Metrics(classes.Length, 90), Metrics(classes.Length, 10));
        return new ReportData
        {
            Run = "runs/taste-1",
            Finished = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Elapsed = TimeSpan.FromSeconds(2),
            WorkerCount = 3,
            Result = new TrainingResult
            {
                Parameters = new Parameters(new ModelShape(classes.Length, features.Length, 0)),
                StoppedBy = StoppedBy.Tolerance,
                Steps = 3,
                Evaluations = 5,
                Epochs = 5,
                Objective = 0.8,
                SuboptimalityBound = 2e-6,
                GradientMax = 1e-6,
                Training = training,
                Validation = held,
            },
            Model = ModelOf(classes, features, training),
            Dataset = new DatasetFacts(
                training.Examples, held.Examples, 4, "f00d", [new TableFile("taste.csv", 0, "abcd")],
                [.. Enumerable.Range(1, features.Length).Select(d => d / 2.0)]),
            Options = new RunOptions("train", ["taste.csv"],
            [
                new("label", ["taste"], "guessed", false) { IsTyped = false },
                new("l2", ["0.001"], "command line", false) { IsTyped = true },
                new("classes", [], "default", true) { IsTyped = false },
            ]),
            History = new StepHistory(),
            Findings = ["label     \"taste\" (guessed; --label NAME to change)"],
            Warnings = [],
            Platform = "a machine",
        };
    }

    public static StepHistory History(params IEnumerable<StepPoint> points)
    {
        var history = new StepHistory();
        foreach (var point in points) history.Add(point);
        return history;
    }

    /// <summary>Class k has (k + 1) × <paramref name="scale"/> rows, of which a tenth is taken for the class after it.</summary>
    static ClassificationMetrics Metrics(int classCount, int scale)
    {
        var confusion = new double[classCount, classCount];
        for (var k = 0; k < classCount; k++)
        {
            confusion[k, k] = (k + 1) * scale * 0.9;
            confusion[k, (k + 1) % classCount] = (k + 1) * scale * 0.1;
        }
        var supports = Enumerable.Range(1, classCount).Select(k => (double)k * scale).ToArray();
        return new ClassificationMetrics
        {
            Examples = (long)supports.Sum(),
            WeightSum = supports.Sum(),
            LogLoss = 0.5,
            KnownLogLoss = 0.5,
            ImpossibleExamples = 0,
            Confusion = confusion,
            Accuracy = 0.9,
            MacroF1 = 0.875,
            MajorityAccuracy = supports.Max() / supports.Sum(),
            TopAccuracies = [.. new[] { 1, 2 }.Where(k => k < classCount).Select(k => new TopAccuracy(k, 1 - 0.1 / k))],
            BrierScore = 0.25,
            ExpectedCalibrationError = 0.125,
            Reliability =
            [
                new ReliabilityBin(6 / 15.0, 7 / 15.0, supports.Sum() / 4, 0.45, 0.5),
                new ReliabilityBin(14 / 15.0, 1, supports.Sum() * 3 / 4, 0.975, 0.8),
            ],
            RocAuc = 0.96875,
            PerClass = [.. supports.Select(support => new ClassMetrics(0.75, 0.9, 0.8, support) { LogLoss = 0.5, RocAuc = 0.96875 })],
        };
    }

    /// <summary>Weight of feature d for class k: (k − mean of k) × (d + 1) / 4.</summary>
    static SavedModel ModelOf(string[] classes, string[] features, ClassificationMetrics training) => new()
    {
        Schema = new FeatureSchema([.. features.Select(Column)]),
        Classes = new ClassList([.. classes], [.. Enumerable.Range(0, classes.Length)]),
        Weights = [.. Enumerable.Range(0, classes.Length).SelectMany(k => Enumerable.Range(1, features.Length).Select(d => (k - (classes.Length - 1) / 2.0) * d / 4))],
        Intercepts = new double[classes.Length],
        TrainingClassWeights = [.. training.PerClass.Select(of => of.Support)],
        Input = new ModelInput("taste", null, null, null, null),
        Origin = new ModelOrigin("0.1.0", OptimizerKind.Lbfgs, 1e-3, 1, "f00d", null),
    };

    static ColumnSchema Column(string feature) => feature.Split('=', 2) is [var name, var level]
        ? new CategoricalColumnSchema(name, [level])
        : new NumericColumnSchema(feature, 0, null);
}

using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Labelled rows in the plainest form: what slow twins and the independent solver work on.</summary>
/// <param name="Features">[rows][D], as held.</param>
/// <param name="Labels">One of 0 … K − 1 per row.</param>
/// <param name="Weights">One per row.</param>
public sealed record PlainProblem(double[][] Features, int[] Labels, double[] Weights, int ClassCount)
{
    public PlainProblem(double[][] features, int[] labels, int classCount)
        : this(features, labels, [.. labels.Select(_ => 1.0)], classCount)
    {
    }

    public int RowCount => Labels.Length;

    public int FeatureCount => Features[0].Length;

    /// <summary>How the labels enter the loss.</summary>
    public Targets Targets { get; init; } = Targets.Plain;

    /// <summary>μ of each feature; null: all 0. The features are centred already.</summary>
    public float[]? Centers { get; init; }

    /// <summary>The 4 × 2 binary toy set.</summary>
    public static PlainProblem BinaryToy { get; } = new([[1, .6], [0, .1], [1, .8], [0, .9]], [1, 0, 1, 0], 2);

    /// <summary>The 3 × 3 three-class toy set.</summary>
    public static PlainProblem ThreeClassToy { get; } = new([[.1, .2, .6], [.6, .1, .3], [.2, .8, .1]], [2, 0, 1], 3);

    /// <summary>
    /// Normal features and labels drawn from a hidden softmax model; columns scaled by <paramref name="columnScale"/>; where asked, weights
    /// from 0 to 3. Every class occurs with weight.
    /// </summary>
    public static PlainProblem Random(
        ulong seed, int rowCount, int featureCount, int classCount, Func<int, double>? columnScale = null, bool isWeighted = false)
    {
        var random = new CounterRandom(seed, 1);
        var hidden = Matrix(ref random, classCount, featureCount);
        var features = Matrix(ref random, rowCount, featureCount);
        var labels = new int[rowCount];
        var weights = new double[rowCount];
        for (var i = 0; i < rowCount; i++)
        {
            labels[i] = i < classCount ? i : Draw(ref random, hidden, features[i]);
            weights[i] = !isWeighted ? 1 : i < classCount ? 0.5 : random.NextInt32(13) / 4.0;
            for (var d = 0; d < featureCount; d++) features[i][d] = (float)(features[i][d] * (columnScale?.Invoke(d) ?? 1));
        }
        return new(features, labels, weights, classCount);
    }

    /// <summary>q of a row: one-hot, or smoothed.</summary>
    public double TargetOf(int row, int k) =>
        (Labels[row] == k ? 1 - Targets.LabelSmoothing : 0) + Targets.LabelSmoothing / ClassCount;

    /// <summary>v = w·c[y] of a row.</summary>
    public double TrainingWeightOf(int row) => Weights[row] * Targets.ClassWeightOf(Labels[row]);

    /// <summary>W [K, D] then b [K], in the solvers' order: class by class, a class's intercept after its weights.</summary>
    public double[] ClassByClass(double[] values) =>
    [
        .. from k in Enumerable.Range(0, ClassCount)
           from value in values.AsEnumerable().Skip(k * FeatureCount).Take(FeatureCount).Append(values[ClassCount * FeatureCount + k])
           select value,
    ];

    /// <summary>The inverse of <see cref="ClassByClass"/>, the intercepts shifted to Σ b = 0.</summary>
    public double[] WeightsThenIntercepts(double[] point)
    {
        var classes = point.Chunk(FeatureCount + 1).ToArray();
        var mean = classes.Average(ofClass => ofClass[^1]);
        return [.. classes.SelectMany(ofClass => ofClass[..^1]), .. classes.Select(ofClass => ofClass[^1] - mean)];
    }

    /// <summary>The manifest of these rows cut into shards of the given row counts (one shard where none are given).</summary>
    public DatasetManifest Manifest(PlainProblem? validation = null, params int[] shardRows)
    {
        double Sum(Func<int, double> value) => Enumerable.Range(0, RowCount).Sum(i => Weights[i] * value(i));
        double[] PerFeature(Func<double, double> value) =>
            [.. Enumerable.Range(0, FeatureCount).Select(d => Sum(i => value(Features[i][d])))];
        double[] PerClassAndFeature(Func<double, double> value) =>
        [
            .. from k in Enumerable.Range(0, ClassCount)
               from d in Enumerable.Range(0, FeatureCount)
               select Sum(i => Labels[i] == k ? value(Features[i][d]) : 0),
        ];

        return new DatasetManifest
        {
            Fingerprint = "plain",
            Layout = new FeatureLayout(
                FeatureCount, [], 0, [.. Enumerable.Range(0, FeatureCount)], [.. Centers ?? new float[FeatureCount]]),
            ClassCount = ClassCount,
            InactiveClasses = [],
            TrainingRows = shardRows.Length == 0 ? [RowCount] : [.. shardRows],
            ValidationRows = validation is null ? [] : [validation.RowCount],
            WeightSum = Weights.Sum(),
            ValidationWeightSum = validation?.Weights.Sum() ?? 0,
            ClassWeights = [.. Enumerable.Range(0, ClassCount).Select(k => Sum(i => Labels[i] == k ? 1 : 0))],
            AbsoluteSums = PerFeature(Math.Abs),
            Sums = PerFeature(x => x),
            SquareSums = PerFeature(x => x * x),
            ClassFeatureSums = PerClassAndFeature(x => x),
            ClassSquareSums = PerClassAndFeature(x => x * x),
        };
    }

    static double[][] Matrix(ref CounterRandom random, int rowCount, int columnCount)
    {
        var rows = new double[rowCount][];
        for (var i = 0; i < rowCount; i++)
        {
            rows[i] = new double[columnCount];
            for (var d = 0; d < columnCount; d++) rows[i][d] = random.NextGaussian();
        }
        return rows;
    }

    static int Draw(ref CounterRandom random, double[][] hidden, double[] features)
    {
        var masses = hidden.Select(weights => Math.Exp(weights.Zip(features, (w, x) => w * x).Sum())).ToArray();
        var left = random.NextDouble() * masses.Sum();
        var label = 0;
        while (label < masses.Length - 1 && (left -= masses[label]) > 0) label++;
        return label;
    }
}

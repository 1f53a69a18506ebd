using System.Text;
using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Data.Tables;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Tables trained by way of dataset, float kernels and optimiser, against a solver that shares no arithmetic with them.</summary>
public sealed class IndependentOptimaTests(ITestOutputHelper output)
{
    /// <summary>Six ways to train.</summary>
    static readonly Dictionary<string, TrainingOptions> Ways = new()
    {
        ["L1"] = new() { L2 = 0, L1 = 2e-3 },
        ["elastic net"] = new() { L2 = 1e-3, L1 = 1e-3 },
        ["standardised"] = new() { L2 = 1e-3, L1 = 1e-3, Standardize = true },
        ["class weights"] = new() { L2 = 1e-3, L1 = 1e-3, ClassWeights = ClassWeighting.Balanced },
        ["smoothing"] = new() { L2 = 1e-3, L1 = 5e-4, LabelSmoothing = 0.1 },
        ["example weights"] = new() { L2 = 2e-3 },
    };

    public static TheoryData<string, string> Combinations
    {
        get
        {
            var combinations = new TheoryData<string, string>();
            foreach (var data in (string[])["nursery", "restaurant-consumer", "sparse sample"])
            {
                foreach (var way in Ways.Keys) combinations.Add(data, way);
            }
            return combinations;
        }
    }

    [Theory, MemberData(nameof(Combinations))]
    public void The_objective_is_that_of_the_independent_solver(string data, string way)
    {
        if (TableOf(data, isWeighted: way == "example weights") is not { } table)
        {
            output.WriteLine($"shared/data has no {data} beside this checkout: nothing tested.");
            return;
        }
        var options = Ways[way] with { Tolerance = 1e-6 };
        var problem = PlainTable.ToProblem(table);
        problem = problem with { Targets = TargetsOf(problem, options) };

        var optimum = ProximalSolver.Solve(problem, PenaltiesOf(problem, options));
        var result = Train(DatasetBuilder.Build(table, null, new() { ValidationFraction = 0 }), options);

        var difference = result.Objective / optimum.Objective - 1;
        output.WriteLine(
            $"{data}, {way}: objective {result.Objective:R}, reference {optimum.Objective:R} (slopes left {optimum.Residual:E1}), relative difference {difference:E2}, "
            + $"{result.Evaluations} evaluations, bound {result.SuboptimalityBound:E2}, stopped by {result.StoppedBy}, "
            + $"{result.Parameters.Weights.ToArray().Count(w => w != 0)} of {result.Parameters.Weights.Length} weights");
        Assert.Equal(problem.FeatureCount, result.Parameters.Shape.FeatureCount);
        Assert.InRange(optimum.Residual, 0, 1e-8);
        Assert.InRange(difference, -1e-9, 1e-6);
        // The bound is of the features as held: columns of floats less their mean, rounded, which moves the optimum by some 1e-10.
        Assert.True(result.SuboptimalityBound + 1e-9 * optimum.Objective >= result.Objective - optimum.Objective);
    }

    [Fact]
    public void With_defaults_the_preferences_sample_is_within_a_millionth_of_its_optimum_in_60_evaluations()
    {
        var dataset = DatasetBuilder.Build(SampleSpec.Parse("preferences").CreateTable(), null, new());

        var result = Train(dataset, new());
        var close = Train(dataset, new() { Tolerance = 1e-7 });

        var optimum = close.Objective - close.SuboptimalityBound!.Value; // or more
        output.WriteLine($"objective {result.Objective:R} in {result.Evaluations} evaluations, {result.Objective / optimum - 1:E2} above the optimum at most");
        Assert.Equal(StoppedBy.Tolerance, result.StoppedBy);
        Assert.InRange(result.Evaluations, 2, 60);
        Assert.InRange(result.Objective / optimum - 1, 0, 1e-6);
    }

    static Table? TableOf(string data, bool isWeighted)
    {
        if (data == "sparse sample")
        {
            var sample = SampleSpec.Parse("sparse,rows=1500,features=150,nonzeros=12,values=floats,seed=3").CreateTable();
            return isWeighted ? Weighted(sample) : sample;
        }
        var csv = data == "nursery" ? RealData.PathOf("nursery/nursery.csv") is { } path ? File.ReadAllText(path) : null : RestaurantConsumer.Csv();
        if (csv is null) return null;

        var label = data == "nursery" ? csv[..csv.IndexOf('\n', StringComparison.Ordinal)].TrimEnd().Split(',')[^1] : "rating";
        var table = TableReader.Read([new MemoryFile($"{data}.csv", Encoding.UTF8.GetBytes(csv))], new TableOptions { Label = label });
        return isWeighted ? Weighted(table) : table;
    }

    /// <summary>Weights 0, 1, 2, 3 and again, every class with some.</summary>
    static Table Weighted(Table table) => new()
    {
        RowCount = table.RowCount,
        Columns = table.Columns,
        Label = table.Label,
        Weights = [.. Enumerable.Range(0, table.RowCount).Select(row => (float)((row * 7 + row / 11) % 4))],
        Files = table.Files,
        Lines = table.Lines,
        Findings = table.Findings,
    };

    /// <summary>Balanced: c_k = S/(K·S_k), a float.</summary>
    static Targets TargetsOf(PlainProblem problem, TrainingOptions options)
    {
        double WeightOf(int k) => Enumerable.Range(0, problem.RowCount).Where(i => problem.Labels[i] == k).Sum(i => problem.Weights[i]);
        var isBalanced = options.ClassWeights == ClassWeighting.Balanced;
        return new(options.LabelSmoothing, !isBalanced ? [] :
        [
            .. Enumerable.Range(0, problem.ClassCount).Select(k => (double)(float)(problem.Weights.Sum() / (problem.ClassCount * WeightOf(k)))),
        ]);
    }

    /// <summary>Standardised, λ₂ counts with the variance of the column and λ₁ with its root.</summary>
    static ProximalSolver.Penalties PenaltiesOf(PlainProblem problem, TrainingOptions options)
    {
        var sum = Enumerable.Range(0, problem.RowCount).Sum(problem.TrainingWeightOf);
        double Mean(Func<int, double> value) =>
            Enumerable.Range(0, problem.RowCount).Sum(i => problem.TrainingWeightOf(i) * value(i)) / sum;
        double Variance(int d)
        {
            if (!options.Standardize) return 1;
            var mean = Mean(i => problem.Features[i][d]);
            return Mean(i => (problem.Features[i][d] - mean) * (problem.Features[i][d] - mean));
        }
        var variances = Enumerable.Range(0, problem.FeatureCount).Select(Variance).ToArray();
        return new([.. variances.Select(v => options.L2 * v)], [.. variances.Select(v => options.L1 * Math.Sqrt(v))]);
    }

    static TrainingResult Train(Dataset dataset, TrainingOptions options)
    {
        var (manifest, targets) = (dataset.Manifest, options.TargetsOf(dataset.Manifest));
        var scales = new Scales(manifest, targets.ClassWeightMax);
        var shards = Enumerable.Range(0, manifest.ShardCount).Select(s => dataset.Open(DatasetPart.Training, new ShardId(s))).ToArray();
        return TrainingTrace.Of(
            Trainer.Start(manifest, options),
            question => KernelRuns.Evaluate(question.Request, question.Parameters, manifest.Layout, scales, targets, shards)).Result;
    }
}

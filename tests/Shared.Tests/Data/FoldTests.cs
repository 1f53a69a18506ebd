using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Data;

/// <summary>Datasets of cross-validation.</summary>
public sealed class FoldTests
{
    [Fact]
    public void A_folds_rows_are_encoded_as_in_any_dataset_and_the_rows_held_out_for_good_are_not_there()
    {
        var table = SmallTables.Mixed(900, seed: 2);
        var options = new DatasetOptions { Seed = 5, ValidationFraction = 0.2, MissingAsMean = true };
        var whole = DatasetBuilder.Build(table, null, options);
        var training = RowsOf(whole, DatasetPart.Training);

        var folds = Fold.All(3).Select(fold => DatasetBuilder.Build(table, null, options, fold)).ToList();

        Assert.Equal(training.Order(), folds.SelectMany(fold => RowsOf(fold, DatasetPart.Validation)).Order());
        foreach (var fold in folds)
        {
            Assert.Equal(training.Except(RowsOf(fold, DatasetPart.Validation)).Order(), RowsOf(fold, DatasetPart.Training).Order());
            AssertEncoded(table, fold, DatasetPart.Training);
            AssertEncoded(table, fold, DatasetPart.Validation);
        }
        Assert.Equal(4, folds.Append(whole).Select(dataset => dataset.Manifest.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Centres_and_levels_come_from_the_rows_that_train_in_the_fold()
    {
        var table = SmallTables.Of(
            SmallTables.Alternating(60),
            SmallTables.Number("x", 60, row => row), SmallTables.Text("only", 60, row => $"level{row / 2 % 20}"));
        var options = new DatasetOptions { ValidationFraction = 0 };

        foreach (var fold in Fold.All(4))
        {
            var dataset = DatasetBuilder.Build(table, null, options, fold);

            var rows = RowsOf(dataset, DatasetPart.Training);
            Assert.Equal((float)rows.Average(), Assert.IsType<NumericColumnSchema>(dataset.Schema.Columns[0]).Center);
            Assert.Equal(
                rows.Select(row => $"level{row / 2 % 20}").Distinct().Order(StringComparer.Ordinal),
                Assert.IsType<CategoricalColumnSchema>(dataset.Schema.Columns[1]).Levels);
        }
    }

    [Fact]
    public void More_folds_than_rows_are_refused()
    {
        var problem = Assert.Single(Problems(SmallTables.Of(["a", "b", "a"], SmallTables.Number("x", 1, 2, 3)), 4));

        Assert.Equal(("DT3504", ExitCode.Configuration), (problem.Code, problem.ExitCode));
        Assert.Equal("--folds is 4, but there are 3 training rows", problem.Message);
    }

    [Theory]
    [InlineData(1, "fix: more rows of the class, or none: --classes without it and --bad-rows skip")]
    [InlineData(2, "fix: another --seed, more rows of the class, or none: --classes without it and --bad-rows skip")]
    public void A_single_row_of_a_class_is_not_told_to_try_another_seed(int rowCount, string fix) =>
        Assert.Equal(fix, DatasetProblems.ClassInOneFold("rare", rowCount, 0, 3).Details[^1]);

    [Fact]
    public void A_class_with_all_its_rows_in_one_fold_is_named()
    {
        string[] labels = [.. SmallTables.Alternating(20), "rare"];

        var problem = Assert.Single(Problems(SmallTables.Of(labels, SmallTables.Number("x", 21, row => row)), 3));

        Assert.Equal("DT3505", problem.Code);
        Assert.Matches("""^all training rows of class "rare" fall into fold [123] of 3$""", problem.Message);
    }

    [Fact]
    public void Rows_without_weight_do_not_count_for_a_class()
    {
        string[] labels = [.. SmallTables.Alternating(20), "rare", "rare", "rare", "rare", "rare"];
        float[] weights = [.. Enumerable.Repeat(1f, 21), 0, 0, 0, 0];

        Assert.Single(Problems(SmallTables.Of(labels, SmallTables.Number("x", 25, row => row)).Weighted(weights), 2));
        Assert.Empty(Problems(SmallTables.Of(labels, SmallTables.Number("x", 25, row => row)), 2));
    }

    static void AssertEncoded(Table table, Dataset dataset, DatasetPart part)
    {
        foreach (var shard in Enumerable.Range(0, dataset.Manifest.RowsOf(part).Length).Select(index => dataset.Open(part, new ShardId(index))))
        {
            var rows = PlainEncoding.Decode(shard, dataset.Manifest.Layout);
            for (var row = 0; row < rows.Length; row++)
                Assert.Equal(PlainEncoding.Encode(table, dataset.Schema, shard.SourceRows[row]), rows[row]);
        }
    }

    [Fact]
    public void A_fold_without_weight_is_named()
    {
        var table = SmallTables.Of(SmallTables.Alternating(9), SmallTables.Number("x", 9, row => row)).Weighted(1, 1, 1, 1, 0, 0, 0, 0, 0);

        var problems = Problems(table, 6).Where(problem => problem.Code == "DT3506").ToList();

        Assert.InRange(problems.Count, 2, 4); // Four rows of weight, six folds.
        Assert.All(problems, problem => Assert.Matches("^no row of fold [1-6] of 6 has a weight above 0$", problem.Message));
    }

    static IEnumerable<Problem> Problems(Table table, int count)
    {
        var options = new DatasetOptions { ValidationFraction = 0 };
        return DatasetBuilder.ProblemsOfFolds(table, options, count, DatasetBuilder.Build(table, null, options).Classes);
    }

    static List<int> RowsOf(Dataset dataset, DatasetPart part) =>
        [.. Enumerable.Range(0, dataset.Manifest.RowsOf(part).Length).SelectMany(shard => dataset.Open(part, new ShardId(shard)).SourceRows)];
}

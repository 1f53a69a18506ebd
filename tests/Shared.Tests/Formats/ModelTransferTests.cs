using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Data;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats;

/// <summary>Models carried over to other datasets.</summary>
public sealed class ModelTransferTests
{
    static readonly DatasetOptions All = new() { ValidationFraction = 0 };

    [Fact]
    public void On_the_same_data_the_start_is_the_model()
    {
        var dataset = DatasetBuilder.Build(SmallTables.Mixed(400, seed: 1), null, new DatasetOptions { MissingAsMean = true });
        var held = Numbered(dataset);

        var transfer = ModelTransfer.To(dataset, ModelOf(dataset, held), "m");

        Assert.True(transfer.IsWhole);
        Assert.Equal((dataset.Manifest.FeatureCount, 3), (transfer.FeatureCount, transfer.ClassCount));
        Assert.Equal(held.Weights.ToArray(), transfer.Start.Weights.ToArray());
        for (var k = 0; k < 3; k++) Assert.Equal(held.Intercepts[k], transfer.Start.Intercepts[k], 1e-9);
    }

    [Fact]
    public void Other_rows_keep_columns_levels_and_classes_by_name_and_other_centres_change_nothing()
    {
        var earlier = DatasetBuilder.Build(Table(["no", "yes", "no", "yes"], [1, 2, 3, 6], ["red", "blue", "red", "green"]), null, All);
        var model = ModelOf(earlier, Numbered(earlier));
        var now = DatasetBuilder.Build(
            Table(["maybe", "yes", "no", "maybe"], [100, 200, 300, 401], ["blue", "violet", "red", "red"]), null, All);

        var transfer = ModelTransfer.To(now, model, "m");

        Assert.Equal("colour=violet", Assert.Single(transfer.NewFeatures));
        Assert.Equal("colour=green", Assert.Single(transfer.DroppedFeatures));
        Assert.Equal("maybe", Assert.Single(transfer.NewClasses));
        Assert.Equal((2, 3), (transfer.ClassCount, transfer.FeatureCount));
        Assert.Empty(transfer.DroppedClasses);
        foreach (var (x, colour) in new[] { (50.0, "red"), (-7, "blue"), (0, "none") })
        {
            var before = Logits(model, x, colour);
            var (weights, intercepts) = ModelNumbers.ToModel(transfer.Start, now.Manifest.Layout, now.Classes);
            var after = Logits(
                model with { Schema = now.Schema, Classes = now.Classes, Weights = weights, Intercepts = intercepts }, x, colour);
            Assert.Equal(before["yes"] - before["no"], after["yes"] - after["no"], 1e-4);
        }
    }

    [Fact]
    public void A_new_class_has_its_share_where_features_have_their_means()
    {
        var earlier = DatasetBuilder.Build(Table(["no", "yes", "no", "yes"], [1, 2, 3, 6], ["a", "a", "a", "a"]), null, All);
        var now = DatasetBuilder.Build(Table(["new", "yes", "no", "new", "new"], [1, 2, 3, 4, 5.5], ["a", "a", "a", "a", "a"]), null, All);

        var start = ModelTransfer.To(now, ModelOf(earlier, Numbered(earlier)), "m").Start;

        var masses = start.Intercepts.ToArray().Select(Math.Exp).ToArray();
        Assert.Equal(0.6, masses[now.Classes.Names.IndexOf("new")] / masses.Sum(), 1e-12);
        Assert.All(start.WeightsOf(now.Classes.Names.IndexOf("new")).ToArray(), weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void What_an_empty_cell_stands_for_may_change_without_changing_its_rows()
    {
        var options = All with { MissingAsMean = true };
        var earlier = DatasetBuilder.Build(Table(["no", "yes", "no", "yes"], [1, 2, double.NaN, 6], ["a", "a", "a", "a"]), null, options);
        var now = DatasetBuilder.Build(Table(["no", "yes", "no", "yes"], [10, 20, double.NaN, 60], ["a", "a", "a", "a"]), null, options);
        var model = ModelOf(earlier, Numbered(earlier));

        var transfer = ModelTransfer.To(now, model, "m");

        var (weights, intercepts) = ModelNumbers.ToModel(transfer.Start, now.Manifest.Layout, now.Classes);
        double Empty(double[] w, double[] b, FeatureSchema schema, int k) =>
            b[k] + w[k * 3] * ((NumericColumnSchema)schema.Columns[0]).MissingValue!.Value + w[k * 3 + 1];
        for (var k = 0; k < 2; k++)
            Assert.Equal(Empty(model.Weights, model.Intercepts, earlier.Schema, k), Empty(weights, intercepts, now.Schema, k), 1e-9);
    }

    [Fact]
    public void Indices_are_the_same_whichever_base_they_count_from()
    {
        var earlier = DatasetBuilder.Build(SmallTables.Of(["a", "b"], SmallTables.Indexed(1, [(1, 1), (3, 1)], [(4, 1)])), null, All);
        var now = DatasetBuilder.Build(SmallTables.Of(["a", "b"], SmallTables.Indexed(0, [(2, 1)], [(3, 1), (9, 1)])), null, All);

        var transfer = ModelTransfer.To(now, ModelOf(earlier, Numbered(earlier)), "m");

        Assert.Equal("9", Assert.Single(transfer.NewFeatures));
        Assert.Equal("1", Assert.Single(transfer.DroppedFeatures));
    }

    [Fact]
    public void A_model_of_other_classes_alone_is_refused()
    {
        var earlier = DatasetBuilder.Build(Table(["no", "yes"], [1, 2], ["a", "a"]), null, All);
        var now = DatasetBuilder.Build(Table(["up", "down"], [1, 2], ["a", "a"]), null, All);

        var problem = Assert.Throws<DistTrainException>(() => ModelTransfer.To(now, ModelOf(earlier, Numbered(earlier)), "runs/a-1")).Problem;

        Assert.Equal("DT3007: --initial-model runs/a-1: none of its classes has training rows here", $"{problem.Code}: {problem.Message}");
        Assert.Equal(["its classes: no, yes", "classes here: down, up", "fix: leave it out"], problem.Details);
    }

    static Table Table(string[] labels, double[] x, string[] colours) =>
        SmallTables.Of(labels, SmallTables.Number("x", x), SmallTables.Text("colour", colours));

    /// <summary>Weights and intercepts that are all different.</summary>
    static Parameters Numbered(Dataset dataset)
    {
        var held = new Parameters(ModelShape.Of(dataset.Manifest));
        for (var i = 0; i < held.Values.Length; i++) held.Values[i] = (i % 7 - 3) / 8.0 + i / 64.0;
        return held;
    }

    static SavedModel ModelOf(Dataset dataset, Parameters held)
    {
        var (weights, intercepts) = ModelNumbers.ToModel(held, dataset.Manifest.Layout, dataset.Classes);
        return new SavedModel
        {
            Schema = dataset.Schema,
            Classes = dataset.Classes,
            Weights = weights,
            Intercepts = intercepts,
            TrainingClassWeights = [.. dataset.Classes.Names.Select(_ => 1.0)],
            Input = new ModelInput(null, null, null, null, null),
            Origin = new ModelOrigin("0.1.0", OptimizerKind.Lbfgs, 0, 1, "", null),
        };
    }

    /// <summary>Of a row with that x and colour, class by class.</summary>
    static Dictionary<string, double> Logits(SavedModel model, double x, string colour)
    {
        var levels = ((CategoricalColumnSchema)model.Schema.Columns[1]).Levels;
        var (count, level) = (model.Schema.FeatureCount, levels.IndexOf(colour));
        return model.Classes.Names.Select((name, k) => (name, k)).ToDictionary(
            pair => pair.name,
            pair =>
                model.Intercepts[pair.k] + model.Weights[pair.k * count] * x + (level < 0 ? 0 : model.Weights[pair.k * count + 1 + level]));
    }
}

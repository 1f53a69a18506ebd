using DistTrain.Coordinator.Reports;

namespace DistTrain.Cli.Tests.Reports;

public sealed class StrongestWeightsTests
{
    [Fact]
    public void A_number_counts_by_its_standard_deviation_and_a_level_by_itself()
    {
        var model = ReportExample.Of(["a", "b"], ["year", "colour=red"]).Model with { Weights = [0.01, -1, 0.05, 2] };

        var strongest = new StrongestWeights(model, [100, 0.25]).Of(1, 5);

        // The mean over the classes is 0.03 and 0.5: what is left of class b's weights is 0.02 and 1.5.
        Assert.Equal(["year", "colour=red"], strongest.Select(effect => effect.Feature));
        Assert.Equal([2, 1.5], strongest.Select(effect => Math.Round(effect.Effect, 12)));
        Assert.Equal([0.02, 1.5], strongest.Select(effect => Math.Round(effect.Weight, 12)));
        Assert.Equal([100, null], strongest.Select(effect => effect.Deviation));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void They_are_those_that_sorting_all_would_give(int seed)
    {
        var random = new Random(seed);
        string[] features = [.. Enumerable.Range(0, 50).Select(d => $"f{d}")];
        double[] deviations = [.. features.Select(_ => random.NextDouble())];
        var model = ReportExample.Of(["a", "b", "c"], features).Model with { Weights = [.. Enumerable.Range(0, 150).Select(_ => (double)random.Next(-5, 6))] };

        var strongest = new StrongestWeights(model, deviations).Of(2, 7);

        var sorted = Enumerable.Range(0, 50).OrderByDescending(d => Math.Abs(Effect(d))).Where(d => Effect(d) != 0).Take(7);
        Assert.Equal(sorted.Select(d => features[d]), strongest.Select(effect => effect.Feature));
        double Effect(int d) =>
            (model.Weights[100 + d] - (model.Weights[d] + model.Weights[50 + d] + model.Weights[100 + d]) / 3) * deviations[d];
    }

    [Fact]
    public void A_feature_without_effect_is_not_shown() =>
        Assert.Empty(new StrongestWeights(ReportExample.Of(["a", "b"], ["year"]).Model with { Weights = [0, 0] }, [1]).Of(1, 5));
}

using DistTrain.Data.Schema;
using DistTrain.Formats;

namespace DistTrain.Coordinator.Reports;

/// <summary>A feature that speaks for or against a class.</summary>
/// <param name="Feature">In the user's words.</param>
/// <param name="Effect">
/// What a usual difference of the feature adds to the class's logit, compared with the mean over the classes: the weight where the feature
/// is a level (present or absent), weight × standard deviation where it is a number.
/// </param>
/// <param name="Weight">The weight of the model less its mean over the active classes.</param>
/// <param name="Deviation">Standard deviation of a number; null of a level.</param>
readonly record struct FeatureEffect(string Feature, double Effect, double Weight, double? Deviation);

/// <summary>The features with the largest effects on each class.</summary>
sealed class StrongestWeights
{
    readonly SavedModel _model;
    readonly double[] _deviations;
    readonly double[] _means;
    readonly bool[] _isNumber;

    /// <param name="deviations">Standard deviations in the schema's order.</param>
    public StrongestWeights(SavedModel model, double[] deviations)
    {
        (_model, _deviations) = (model, deviations);
        _means = MeansOverClasses(model);
        _isNumber =
        [
            .. model.Schema.Columns.SelectMany(column => Enumerable.Range(0, column.FeatureCount).Select(index => IsNumber(column, index))),
        ];
    }

    /// <summary>Up to <paramref name="count"/> features with an effect on class <paramref name="k"/>, the largest first.</summary>
    public IReadOnlyList<FeatureEffect> Of(int k, int count)
    {
        var largest = new PriorityQueue<int, (double Size, int Order)>();
        for (var d = 0; d < _means.Length; d++)
        {
            var size = Math.Abs(EffectOf(k, d));
            if (size == 0) continue;
            if (largest.Count < count) largest.Enqueue(d, (size, -d));
            else if (largest.TryPeek(out _, out var smallest) && size > smallest.Size) largest.EnqueueDequeue(d, (size, -d));
        }
        var found = new List<FeatureEffect>();
        while (largest.TryDequeue(out var d, out _))
            found.Add(new(NameOf(d), EffectOf(k, d), WeightOf(k, d), _isNumber[d] ? _deviations[d] : null));
        found.Reverse();
        return found;
    }

    double WeightOf(int k, int d) => _model.Weights[k * _means.Length + d] - _means[d];

    double EffectOf(int k, int d) => _isNumber[d] ? WeightOf(k, d) * _deviations[d] : WeightOf(k, d);

    string NameOf(int d)
    {
        foreach (var column in _model.Schema.Columns)
        {
            if (d < column.FeatureCount) return column.FeatureName(d);
            d -= column.FeatureCount;
        }
        throw new ArgumentOutOfRangeException(nameof(d), "No such feature.");
    }

    static double[] MeansOverClasses(SavedModel model)
    {
        var means = new double[model.Schema.FeatureCount];
        foreach (var k in model.Classes.Active)
        {
            for (var d = 0; d < means.Length; d++) means[d] += model.Weights[k * means.Length + d] / model.Classes.Active.Length;
        }
        return means;
    }

    /// <summary>A level, or the mark of an empty cell, is there or not; anything else is a number.</summary>
    static bool IsNumber(ColumnSchema column, int index) => column switch
    {
        CategoricalColumnSchema => false,
        NumericColumnSchema => index == 0,
        _ => true,
    };
}

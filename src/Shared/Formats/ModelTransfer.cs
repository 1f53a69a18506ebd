using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Formats;

/// <summary>A model's numbers carried over to another dataset, where training goes on from them.</summary>
/// <remarks>
/// Features are the same if they come from the column of the same name and, of a category, stand for the same level, of LIBSVM, for the
/// same index; classes if they have the same name. What the dataset has in addition starts so that it changes as little as possible:
/// features at weight 0; a class at weight 0, too, and at the intercept that gives it, where all features have their means, its share of
/// the training weight. Where both know missing cells, the indicator makes up for the difference between what they stand for.
/// </remarks>
/// <param name="Start">In held feature order of the dataset, intercepts of its centred features.</param>
/// <param name="FeatureCount">Features carried over.</param>
/// <param name="NewFeatures">Names of the dataset's that the model does not have.</param>
/// <param name="DroppedFeatures">Names of the model's that the dataset does not have.</param>
/// <param name="ClassCount">Classes carried over, at least 1.</param>
/// <param name="NewClasses">With training weight now and not in the model.</param>
/// <param name="DroppedClasses">With training weight in the model and not now.</param>
public sealed record ModelTransfer(
    Parameters Start, int FeatureCount, ImmutableArray<string> NewFeatures, ImmutableArray<string> DroppedFeatures,
    int ClassCount, ImmutableArray<string> NewClasses, ImmutableArray<string> DroppedClasses)
{
    /// <summary>Everything has been carried over, and there is nothing else.</summary>
    public bool IsWhole => NewFeatures.IsEmpty && DroppedFeatures.IsEmpty && NewClasses.IsEmpty && DroppedClasses.IsEmpty;

    /// <param name="shown">The model's path as the user wrote it.</param>
    /// <exception cref="DistTrainException">DT3007: no class of the model has training rows in the dataset.</exception>
    public static ModelTransfer To(Dataset dataset, SavedModel model, string shown)
    {
        var (classes, manifest) = (dataset.Classes, dataset.Manifest);
        ImmutableArray<string> active = [.. classes.Active.Select(k => classes.Names[k])];
        ImmutableArray<string> known = [.. model.Classes.Active.Select(k => model.Classes.Names[k])];
        var carried = active.Intersect(known).ToList();
        if (carried.Count == 0) throw NoClass(shown, known, active).AsException();

        var places = PlacesOf(dataset.Schema, model);
        var mapped = new SavedModel
        {
            Schema = dataset.Schema,
            Classes = classes,
            Weights = WeightsOf(model, classes, places),
            Intercepts = [.. classes.Names.Select(name => carried.Contains(name) ? model.Intercepts[model.Classes.Names.IndexOf(name)] : 0)],
            TrainingClassWeights = model.TrainingClassWeights,
            Input = model.Input,
            Origin = model.Origin,
        };
        ReplaceMissing(mapped, model.Schema);
        var start = ModelNumbers.ToHeld(mapped, manifest.Layout);
        Welcome(start, manifest.ClassWeights, [.. active.Select(carried.Contains)]);

        var used = places.ToHashSet();
        return new ModelTransfer(
            start, places.Count(place => place >= 0),
            Names(dataset.Schema, feature => places[feature] < 0), Names(model.Schema, feature => !used.Contains(feature)),
            carried.Count, [.. active.Except(known)], [.. known.Except(active)]);
    }

    /// <summary>
    /// A model that says of rows with another schema what it says of its own: features that it does not have count for nothing.
    /// </summary>
    /// <param name="schema">Has every column of the model's.</param>
    public static SavedModel Onto(FeatureSchema schema, SavedModel model)
    {
        var mapped = model with { Schema = schema, Weights = WeightsOf(model, model.Classes, PlacesOf(schema, model)) };
        ReplaceMissing(mapped, model.Schema);
        return mapped;
    }

    /// <summary>For each feature of a schema the model's number of it, or −1.</summary>
    static int[] PlacesOf(FeatureSchema schema, SavedModel model)
    {
        var features = FeatureKey.PlacesIn(model.Schema);
        return [.. FeatureKey.Of(schema).Select(key => features.TryGetValue(key, out var place) ? place : -1)];
    }

    /// <summary>[all classes, D] in the dataset's schema order; 0 where there is nothing to carry over.</summary>
    static double[] WeightsOf(SavedModel model, ClassList classes, int[] places)
    {
        var weights = new double[checked(classes.Count * places.Length)];
        for (var k = 0; k < classes.Count; k++)
        {
            var from = model.Classes.Names.IndexOf(classes.Names[k]);
            if (from < 0) continue;
            for (var d = 0; d < places.Length; d++)
            {
                if (places[d] >= 0) weights[k * places.Length + d] = model.Weights[from * model.Schema.FeatureCount + places[d]];
            }
        }
        return weights;
    }

    /// <summary>w·m + u = w·m′ + u′, with m what an empty cell stands for, w the column's weight and u the indicator's.</summary>
    static void ReplaceMissing(SavedModel mapped, FeatureSchema model)
    {
        var earlier = model.Columns.OfType<NumericColumnSchema>().ToDictionary(column => column.Name);
        var feature = 0;
        foreach (var column in mapped.Schema.Columns)
        {
            if (column is NumericColumnSchema { MissingValue: { } now } && earlier.GetValueOrDefault(column.Name)?.MissingValue is { } before)
            {
                for (var value = feature; value < mapped.Weights.Length; value += mapped.Schema.FeatureCount)
                    mapped.Weights[value + 1] += mapped.Weights[value] * (before - now);
            }
            feature += column.FeatureCount;
        }
    }

    /// <summary>Gives new classes their intercepts: bₖ = log Σ exp(b of the others) + log(Sₖ / S of the others).</summary>
    static void Welcome(Parameters start, ImmutableArray<double> classWeights, bool[] isCarried)
    {
        var (max, sum, weight) = (double.NegativeInfinity, 0.0, 0.0);
        for (var k = 0; k < isCarried.Length; k++)
        {
            if (isCarried[k]) max = Math.Max(max, start.Intercepts[k]);
        }
        for (var k = 0; k < isCarried.Length; k++)
        {
            if (!isCarried[k]) continue;
            sum += PinnedMath.Exp(start.Intercepts[k] - max);
            weight += classWeights[k];
        }
        for (var k = 0; k < isCarried.Length; k++)
        {
            if (!isCarried[k]) start.Intercepts[k] = max + PinnedMath.Log(sum) + PinnedMath.Log(classWeights[k] / weight);
        }
    }

    static ImmutableArray<string> Names(FeatureSchema schema, Predicate<int> isWanted)
    {
        var (names, feature) = (ImmutableArray.CreateBuilder<string>(), 0);
        foreach (var column in schema.Columns)
        {
            for (var i = 0; i < column.FeatureCount; i++, feature++)
            {
                if (isWanted(feature)) names.Add(column.FeatureName(i));
            }
        }
        return names.DrainToImmutable();
    }

    static Problem NoClass(string shown, IEnumerable<string> known, IEnumerable<string> active) => new(
        "DT3007", ExitCode.Configuration, $"--initial-model {shown}: none of its classes has training rows here",
        $"its classes: {string.Join(", ", known.Take(10))}", $"classes here: {string.Join(", ", active.Take(10))}", "fix: leave it out");

    /// <summary>What makes a feature the same in two schemas.</summary>
    readonly record struct FeatureKey(string Column, string? Level, int Index)
    {
        public static Dictionary<FeatureKey, int> PlacesIn(FeatureSchema schema)
        {
            var places = new Dictionary<FeatureKey, int>(schema.FeatureCount);
            foreach (var key in Of(schema)) places.Add(key, places.Count);
            return places;
        }

        /// <summary>In the schema's feature order.</summary>
        public static IEnumerable<FeatureKey> Of(FeatureSchema schema) => schema.Columns.SelectMany(column => column switch
        {
            CategoricalColumnSchema category => category.Levels.Select(level => new FeatureKey(column.Name, level, 0)),
            IndexedColumnsSchema indexed => indexed.Indices.Select(index => new FeatureKey(column.Name, null, index - indexed.IndexBase)),
            _ => Enumerable.Range(0, column.FeatureCount).Select(i => new FeatureKey(column.Name, null, i)),
        });
    }
}

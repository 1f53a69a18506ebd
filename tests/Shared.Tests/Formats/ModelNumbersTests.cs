using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats;

public sealed class ModelNumbersTests
{
    /// <summary>Held features 0, 1, 2 are the schema's 2, 0, 1; the first is centred at 10.</summary>
    static readonly FeatureLayout Layout = new(1, [], 2, [2, 0, 1], [10, 0, 0]);

    static readonly ClassList Classes = new(["a", "b", "c"], [0, 2]);

    static readonly Parameters Held = new(new ModelShape(2, 3), [0.5, 1, 2, -0.5, -1, -2, 0.25, -0.25]);

    [Fact]
    public void A_model_has_all_classes_the_schemas_order_and_no_centres()
    {
        var (weights, intercepts) = ModelNumbers.ToModel(Held, Layout, Classes);

        Assert.Equal([1, 2, 0.5, 0, 0, 0, -1, -2, -0.5], weights);
        Assert.Equal([0.25 - 0.5 * 10, double.NegativeInfinity, -0.25 + 0.5 * 10], intercepts);
    }

    [Fact]
    public void The_way_back_gives_the_held_numbers()
    {
        var (weights, intercepts) = ModelNumbers.ToModel(Held, Layout, Classes);
        var model = new SavedModel
        {
            Schema = new FeatureSchema([]),
            Classes = Classes,
            Weights = weights,
            Intercepts = intercepts,
            TrainingClassWeights = [1, 0, 1],
            Input = new ModelInput(null, null, null, null, null),
            Origin = new ModelOrigin("0.1.0", OptimizerKind.Adam, 0, 1, "", null),
        };

        Assert.Equal(Held.Values, ModelNumbers.ToHeld(model, Layout).Values);
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes_of_weights_then_intercepts()
    {
        byte[] bytes = [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(-2.0), .. BitConverter.GetBytes(0.5)];

        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), ParametersHash.Of([1.0, -2.0], [0.5]));
    }
}

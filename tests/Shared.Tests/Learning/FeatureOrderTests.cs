using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Learning;

public sealed class FeatureOrderTests
{
    [Fact]
    public void Parameters_go_feature_by_feature_and_back()
    {
        var parameters = new Parameters(new ModelShape(2, 3), [1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.Equal([1, 4, 2, 5, 3, 6, 7, 8], FeatureOrder.Of(parameters));
        Assert.Equal(parameters.Values, FeatureOrder.ToParameters(parameters.Shape, FeatureOrder.Of(parameters)).Values);
    }
}

using DistTrain.Data.Preparation;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class StorageRuleTests
{
    [Theory]
    [InlineData(0, true, FeatureStorage.Sparse)]
    [InlineData(10, true, FeatureStorage.Sparse)]
    [InlineData(11, true, FeatureStorage.Bits)]
    [InlineData(160, true, FeatureStorage.Bits)]
    [InlineData(40, false, FeatureStorage.Sparse)]
    [InlineData(41, false, FeatureStorage.Dense)]
    [InlineData(160, false, FeatureStorage.Dense)]
    public void A_number_of_160_rows_is_held_by_its_nonzeros(int nonzeroCount, bool onlyZerosAndOnes, object expected) =>
        Assert.Equal(expected, StorageRule.OfNumber(160, nonzeroCount, onlyZerosAndOnes));

    [Theory]
    [InlineData(1, FeatureStorage.Level)]
    [InlineData(255, FeatureStorage.Level)]
    [InlineData(256, FeatureStorage.Sparse)]
    public void A_category_is_a_byte_while_its_levels_fit(int levelCount, object expected) =>
        Assert.Equal(expected, StorageRule.OfCategory(levelCount));
}

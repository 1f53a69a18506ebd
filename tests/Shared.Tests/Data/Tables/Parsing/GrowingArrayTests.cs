using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Shared.Tests.Data.Tables.Parsing;

public sealed class GrowingArrayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(768)]
    [InlineData(300_000)]
    public void It_gives_back_what_was_added(int count)
    {
        var growing = new GrowingArray<int>();
        for (var i = 0; i < count; i++) growing.Add(i);

        Assert.Equal(count, growing.Count);
        Assert.Equal(Enumerable.Range(0, count), growing.ToArray());
    }
}

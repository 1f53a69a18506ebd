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

    [Theory]
    [InlineData(0, 0)]
    [InlineData(300, 0)]
    [InlineData(300, 256)]
    [InlineData(300, 255)]
    [InlineData(300, 299)]
    [InlineData(256, 256)]
    [InlineData(200_000, 70_000)]
    public void What_is_taken_back_is_gone_and_others_come_in_its_place(int count, int kept)
    {
        var growing = new GrowingArray<int>();
        for (var i = 0; i < count; i++) growing.Add(i);

        growing.Truncate(kept);
        Assert.Equal(kept, growing.Count);
        for (var i = kept; i < 1000 + kept; i++) growing.Add(-i);

        Assert.Equal([.. Enumerable.Range(0, kept), .. Enumerable.Range(kept, 1000).Select(i => -i)], growing.ToArray());
    }
}

using DistTrain.Protocol.Blocks;

namespace DistTrain.Shared.Tests.Protocol.Blocks;

public sealed class BlockSpreadTests
{
    [Fact]
    public void The_origin_serves_the_first_few_and_the_next_must_wait()
    {
        var spread = new BlockSpread(fanOut: 2);

        Assert.Equal((true, null), Take(spread, "a"));
        Assert.Equal((true, null), Take(spread, "b"));
        Assert.False(Take(spread, "c").Found);
    }

    [Fact]
    public void Who_has_it_serves_the_next_ones_in_turn()
    {
        var spread = new BlockSpread(fanOut: 2);
        foreach (var reader in new[] { "a", "b" }) Take(spread, reader);
        spread.Add("a");
        spread.Add("b");
        spread.Add("a");

        Assert.Equal(2, spread.HolderCount);
        Assert.Equal(["a", "b", "a", "b"], new[] { "c", "d", "e", "f" }.Select(reader => Take(spread, reader).Source));
        Assert.False(Take(spread, "g").Found);
    }

    [Fact]
    public void Nobody_is_sent_to_himself()
    {
        var spread = new BlockSpread(fanOut: 1);
        Take(spread, "a");
        spread.Add("a");

        Assert.False(Take(spread, "a").Found);
        Assert.Equal((true, "a"), Take(spread, "b"));
    }

    [Fact]
    public void Who_is_gone_serves_nobody()
    {
        var spread = new BlockSpread(fanOut: 1);
        Take(spread, "a");
        spread.Add("a");

        spread.Remove("a");

        Assert.False(Take(spread, "b").Found);
    }

    [Theory, InlineData(1, 5), InlineData(2, 30), InlineData(16, 300)]
    public void All_have_it_after_a_few_rounds_and_none_has_sent_it_too_often(int fanOut, int readerCount)
    {
        var spread = new BlockSpread(fanOut);
        var waiting = new Queue<string>(Enumerable.Range(0, readerCount).Select(i => $"r{i}"));
        var sent = new Dictionary<string, int>();

        for (var round = 0; waiting.Count > 0; round++)
        {
            Assert.InRange(round, 0, readerCount);
            var arrived = new List<string>();
            while (waiting.TryPeek(out var reader) && spread.TryTake(reader, out var source))
            {
                sent[source ?? "origin"] = sent.GetValueOrDefault(source ?? "origin") + 1;
                arrived.Add(waiting.Dequeue());
            }
            foreach (var reader in arrived) spread.Add(reader);
        }

        Assert.Equal(readerCount, sent.Values.Sum());
        Assert.All(sent.Values, count => Assert.InRange(count, 1, fanOut));
    }

    static (bool Found, string? Source) Take(BlockSpread spread, string reader) => (spread.TryTake(reader, out var source), source);
}

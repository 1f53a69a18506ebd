using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Shared.Tests.Data.Tables.Parsing;

public sealed class CodedTextTests
{
    [Fact]
    public void A_text_taken_back_leaves_nothing_behind()
    {
        var text = new CodedText();
        foreach (var word in (string[])["a", "b", "a", "c"]) text.Add(word);

        text.RemoveLast(); // "c", which came in with it.
        text.Add("b");
        text.RemoveLast(); // "b", which was there before.
        text.Add("d");

        var column = text.ToColumn("x");
        Assert.Equal(["a", "b", "d"], column.Dictionary.ToArray());
        Assert.Equal([0, 1, 0, 2], column.Codes);
    }

    [Fact]
    public void A_text_taken_back_may_come_again()
    {
        var text = new CodedText();
        text.AddNew("a\u001Fb", "a::b");
        text.RemoveLast();

        Assert.False(text.TryAdd("a\u001Fb"));
        text.AddNew("a\u001Fb", "a::b");

        Assert.Equal(["a::b"], text.ToColumn("x").Dictionary.ToArray());
    }
}

using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Data.Tables;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Data;

public sealed class ClassWeightFileTests
{
    static readonly ClassList Classes = new(["dislike", "neutral", "like", "a,b"], [0, 1, 2, 3]);

    static ClassWeighting Read(string text) => ClassWeightFile.Read(new MemoryFile("weights.csv", text)).For(Classes);

    [Fact]
    public void Classes_that_are_not_named_weigh_1()
    {
        var manifest = PlainProblem.Random(seed: 1, rowCount: 8, featureCount: 1, classCount: 4).Manifest();

        Assert.Equal([1, 0.5, 3, 1], Read("class,weight\nlike,3\nneutral,0.5\n").Of(manifest).AsEnumerable());
        Assert.Equal([1, 1, 1, 2], Read("\uFEFFclass,weight\r\n\r\n\"a,b\", 2 ").Of(manifest).AsEnumerable());
        Assert.Empty(Read("class,weight\n").Of(manifest));
    }

    [Theory]
    [InlineData("", "DT4003: weights.csv holds no rows\nexpected: at least one row")]
    [InlineData("like,3\n", "DT4601: weights.csv:1: the header is \"like,3\"\nexpected: class,weight")]
    [InlineData("weight,class\n3,like\n", "DT4601: weights.csv:1: the header is \"weight,class\"\nexpected: class,weight")]
    [InlineData("class,weight\nlike\n", "DT4602: weights.csv:2: the row has 1 cell\nexpected: 2, class and weight; a name that holds a comma stands in quotes")]
    [InlineData("class,weight\na,b,3\n", "DT4602: weights.csv:2: the row has 3 cells\nexpected: 2, class and weight; a name that holds a comma stands in quotes")]
    [InlineData("class,weight\n\nlike,x\n", "DT4603: weights.csv:3:6: weight is \"x\"\nexpected: a number from 1e-9 to 1e9")]
    [InlineData("class,weight\nlike,0\n", "DT4603: weights.csv:2:6: weight is \"0\"\nexpected: a number from 1e-9 to 1e9")]
    [InlineData("class,weight\nlike,-2\n", "DT4603: weights.csv:2:6: weight is \"-2\"\nexpected: a number from 1e-9 to 1e9")]
    [InlineData("class,weight\nlike,NaN\n", "DT4603: weights.csv:2:6: weight is \"NaN\"\nexpected: a number from 1e-9 to 1e9")]
    [InlineData("class,weight\nlike,\n", "DT4603: weights.csv:2:6: weight is \"\"\nexpected: a number from 1e-9 to 1e9")]
    [InlineData("class,weight\nlike,1\nlike,1\n", "DT4604: weights.csv:3:1: class \"like\" is named a second time\nexpected: each at most once")]
    [InlineData("class,weight\nlik,2\n", "DT4605: weights.csv:2: there is no class \"lik\"\nexpected: one of \"dislike\", \"neutral\", \"like\", \"a,b\"\ndid you mean \"like\"?")]
    [InlineData("class,weight\nwonderful,2\n", "DT4605: weights.csv:2: there is no class \"wonderful\"\nexpected: one of \"dislike\", \"neutral\", \"like\", \"a,b\"")]
    public void What_is_wrong_is_told_with_its_place(string text, string expected) => Assert.Equal(expected, Refusal.TextOf(() => Read(text)));
}

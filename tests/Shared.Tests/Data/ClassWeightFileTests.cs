using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Shared.Tests.Data.Tables;

namespace DistTrain.Shared.Tests.Data;

public sealed class ClassWeightFileTests
{
    static readonly ClassList Classes = new(["dislike", "neutral", "like", "a,b"], [0, 1, 2, 3]);

    static ClassWeightFile Read(string text) => ClassWeightFile.Read(new MemoryFile("weights.csv", text));

    [Fact]
    public void Classes_that_are_not_named_weigh_1()
    {
        Assert.Equal([1, 0.5, 3, 1], Read("class,weight\nlike,3\nneutral,0.5\n").WeightsOf(Classes).AsEnumerable());
        Assert.Equal([1, 1, 1, 2], Read("class,weight\r\n\r\n\"a,b\", 2 ").WeightsOf(Classes).AsEnumerable());
        Assert.Equal([1, 1, 1, 1], Read("class,weight\n").WeightsOf(Classes).AsEnumerable());
        Assert.Empty(Read("class,weight\nlike,1e-9\nneutral,1e9\n").Problems(Classes));
    }

    [Fact]
    public void Another_header_is_refused() => Assert.Equal(
        "DT4601: weights.csv:1: the header is not that of two columns, names and numbers\nexpected: class,weight\nfix: make class,weight the first line",
        Refusal.TextOf(() => Read("like,3\n")));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_line()
    {
        var problems = Read("class,weight\nlike,x\nlik,2\nneutral,0\ndislike,1e10\nneutral,1\nwonderful,2\n").Problems(Classes);

        Assert.Equal(
            [
                "DT4602 weights.csv:2:6: \"x\" is no number of at least 0",
                "DT4603 weights.csv:6:1: \"neutral\" has a number already, in line 4",
                "DT4605 weights.csv:4: the weight of class \"neutral\" is 0 (expected: a number from 1e-9 to 1e9)",
                "DT4605 weights.csv:5: the weight of class \"dislike\" is 10000000000 (expected: a number from 1e-9 to 1e9)",
                "DT4606 weights.csv:3: there is no class \"lik\" (expected: one of \"dislike\", \"neutral\", \"like\", \"a,b\"; did you mean \"like\"?)",
                "DT4606 weights.csv:7: there is no class \"wonderful\" (expected: one of \"dislike\", \"neutral\", \"like\", \"a,b\")",
            ],
            problems.Select(problem => $"{problem.Code} {problem.Message}" + (problem.Code is "DT4605" or "DT4606" ? $" ({string.Join("; ", problem.Details)})" : "")));
    }
}

using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class CombinedAnswerTests
{
    static readonly ModelShape Shape = new(3, 4);

    [Fact]
    public void Answers_are_added_and_who_computed_what_is_kept()
    {
        var combined = new CombinedAnswer(Answer("b", 1, 0, 1));

        Assert.True(combined.TryAdd(Answer("a", 10, 5)));
        Assert.True(combined.TryAdd(Answer("b", 100, 2)));

        var answer = combined.ToAnswer(new WorkerId("b"));
        Assert.Equal(Shards(0, 1, 2, 5), answer.Contribution.Shards);
        Assert.All(answer.Contribution.Sums.Gradient, number => Assert.Equal(111, number));
        Assert.Equal(111, answer.Contribution.Sums.RowCount);
        Assert.Equal([new(new("a"), Shards(5)), new(new("b"), Shards(0, 1, 2))], answer.Parts.ToArray());
    }

    [Fact]
    public void What_is_of_something_else_or_there_already_is_not_added()
    {
        var combined = new CombinedAnswer(Answer("a", 1, 0, 1));
        var other = Answer("b", 10, 2);

        Assert.False(combined.TryAdd(Answer("b", 10, 1, 2)));
        Assert.False(combined.TryAdd(other with { Evaluation = new EvaluationId(2) }));
        Assert.False(combined.TryAdd(other with { Term = new Term(2) }));
        Assert.False(combined.TryAdd(other with { Contribution = new(Shards(2), new EvaluationSums(Shape, EvaluationKind.Entropy)) }));

        var answer = combined.ToAnswer(new WorkerId("a"));
        Assert.Equal((Shards(0, 1), 1L), (answer.Contribution.Shards, answer.Contribution.Sums.RowCount));
    }

    static ContributionComputed Answer(string worker, long number, params int[] shards)
    {
        var sums = new EvaluationSums(Shape, EvaluationKind.Gradient) { RowCount = number };
        Array.Fill(sums.Gradient, number);
        return new(new RunId("r"), Term.First, new EvaluationId(1), new WorkerId(worker), new Contribution(Shards(shards), sums));
    }

    static ShardSet Shards(params int[] indexes) => ShardSet.Of(indexes.Select(index => new ShardId(index)));
}

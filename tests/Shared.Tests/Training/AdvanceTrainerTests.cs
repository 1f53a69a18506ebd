using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class AdvanceTrainerTests
{
    static readonly TrainerAnswer First = CountingTrainer.Start(questionCount: 4);

    [Fact]
    public void Computed_once_it_gives_the_same_answer_and_leaves_nothing_to_read()
    {
        var (twice, once) = (Advance(shardCount: 3), Advance(shardCount: 3));

        var (expected, answer) = (twice.Compute(), once.ComputeOnce());

        Assert.Equal(expected.Question!.Parameters.Values, answer.Question!.Parameters.Values);
        Assert.Equal(expected.Question.Parameters.Values, twice.Compute().Question!.Parameters.Values);
        Assert.All(once.Contributions, contribution => Assert.Empty(contribution.Sums.Gradient));
    }

    [Fact]
    public void Without_shards_it_is_told_zeros() =>
        Assert.Equal(
            Advance(shardCount: 0).Compute().Question!.Parameters.Values, Advance(shardCount: 0).ComputeOnce().Question!.Parameters.Values);

    [Theory, InlineData(2), InlineData(10_000)]
    public void Sums_made_of_recycled_memory_are_zeros(int featureCount)
    {
        var shape = new ModelShape(3, featureCount);
        for (var i = 0; i < 10; i++)
        {
            var sums = new EvaluationSums(shape, EvaluationKind.Gradient);
            Assert.All(sums.Gradient, sum => Assert.Equal(0, sum));
            Array.Fill(sums.Gradient, i + 1);
            sums.Recycle();
            Assert.Empty(sums.Gradient);
        }
    }

    [Fact]
    public void Sums_of_features_that_rows_touch_are_zeros_in_recycled_memory()
    {
        var shape = new ModelShape(3, 20_000) { SparseCount = 20_000 };
        for (var i = 0; i < 10; i++)
        {
            var (sums, total) = (new EvaluationSums(shape, EvaluationKind.Batch), new EvaluationSums(shape, EvaluationKind.Batch));
            int[] features = [.. Enumerable.Range(0, 10_000 + i)];
            var room = sums.Touched!.Append(features);
            Assert.Equal(-1, room[..(2 * features.Length)].IndexOfAnyExcept(0));
            room[..(2 * features.Length)].Fill(i + 1);
            total.Add(sums);
            Assert.Equal(-1, total.Touched!.Sums.IndexOfAnyExcept(i + 1));
            sums.Recycle();
            Assert.True(sums.Touched.Features.IsEmpty);
        }
    }

    [Fact]
    public void Recycled_sums_cannot_be_added()
    {
        var shape = new ModelShape(3, 5);
        var recycled = new EvaluationSums(shape, EvaluationKind.Gradient);
        recycled.Recycle();

        Assert.ThrowsAny<ArgumentException>(() => new EvaluationSums(shape, EvaluationKind.Gradient).Add(recycled));
    }

    static AdvanceTrainer Advance(int shardCount)
    {
        var question = First.Question!;
        return new AdvanceTrainer(
            default, First.Trainer, CountingTrainer.Shape, question.Request.Kind,
            [
                .. Enumerable.Range(0, shardCount).Select(i => new ShardId(i)).Select(shard => new Contribution(
                    ShardSet.Of(shard), CountingTrainer.SumsOf(question.Request, question.Parameters, shard))),
            ]);
    }
}

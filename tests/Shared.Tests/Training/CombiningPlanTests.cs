using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class CombiningPlanTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(16)]
    public void As_many_as_the_coordinator_hears_all_answer_directly(int count) =>
        Assert.Empty(CombiningPlan.Of(Workers(count), fanOut: 16));

    [Theory, InlineData(17, 16), InlineData(33, 16), InlineData(5, 1), InlineData(300, 16), InlineData(4, 3)]
    public void Beyond_that_so_many_add_up_for_the_others(int count, int fanOut)
    {
        var plan = CombiningPlan.Of(Workers(count), fanOut);

        var combiners = plan.Where(share => share.Combiner == share.Worker).ToArray();
        Assert.Equal(fanOut, combiners.Length);
        Assert.Equal(count, plan.Length);
        Assert.All(combiners, share => Assert.Equal(plan.Count(other => other.Combiner == share.Worker), share.MemberCount));
        Assert.All(plan.Except(combiners), share => Assert.Equal(0, share.MemberCount));
        Assert.InRange(combiners.Max(share => share.MemberCount) - combiners.Min(share => share.MemberCount), 0, 1);
    }

    [Theory, InlineData(256, 1, 1), InlineData(257, 2, 1), InlineData(1000, 4, 3), InlineData(2000, 16, 16)]
    public void No_group_is_larger_than_a_message_can_name(int count, int groupCount, int fanOut)
    {
        var plan = CombiningPlan.Of(Workers(count), fanOut);

        Assert.Equal(groupCount, plan.Count(share => share.MemberCount > 0));
        Assert.InRange(plan.Max(share => share.MemberCount), 1, 256);
        Assert.Equal(count, plan.Sum(share => share.MemberCount));
    }

    [Fact]
    public void One_more_worker_changes_its_own_share_and_its_combiners_alone()
    {
        var before = CombiningPlan.Of(Workers(40), fanOut: 16);
        var after = CombiningPlan.Of(Workers(41), fanOut: 16);

        Assert.Equal(2, after.Except(before).Count());
    }

    static WorkerId[] Workers(int count) => [.. Enumerable.Range(0, count).Select(i => new WorkerId($"w{i}"))];
}

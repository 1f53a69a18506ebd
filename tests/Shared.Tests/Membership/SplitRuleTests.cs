using DistTrain.Membership;

namespace DistTrain.Shared.Tests.Membership;

/// <summary>Which side of a split cluster goes on.</summary>
public class SplitRuleTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void A_lone_coordinator_and_one_of_two_go_on_whichever_it_is(bool seesFirst)
    {
        Assert.True(SplitRule.GoesOn(seen: 1, unseen: 0, seesFirst));
        Assert.True(SplitRule.GoesOn(seen: 1, unseen: 1, seesFirst));
    }

    [Theory, InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7)]
    public void Of_three_and_more_exactly_one_side_goes_on(int count)
    {
        for (var here = 1; here < count; here++)
        {
            foreach (var isFirstHere in new[] { true, false })
            {
                var hereGoesOn = SplitRule.GoesOn(here, count - here, isFirstHere);
                Assert.NotEqual(hereGoesOn, SplitRule.GoesOn(count - here, here, !isFirstHere));
                if (here * 2 != count) Assert.Equal(here * 2 > count, hereGoesOn);
            }
        }
    }
}

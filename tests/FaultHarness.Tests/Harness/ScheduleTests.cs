using DistTrain.FaultHarness.Faults;

namespace DistTrain.FaultHarness.Tests.Harness;

public sealed class ScheduleTests
{
    [Theory, InlineData(1), InlineData(2)]
    public void A_seed_repeats_the_order(int seed) =>
        Assert.Equal(NamesOf(Schedule.Long(new Random(seed))), NamesOf(Schedule.Long(new Random(seed))));

    [Fact]
    public void Seeds_differ() => Assert.NotEqual(NamesOf(Schedule.Long(new Random(1))), NamesOf(Schedule.Long(new Random(2))));

    [Fact]
    public void The_long_schedule_has_all_that_is_promised()
    {
        var counts = NamesOf(Schedule.Long(new Random(1))).CountBy(name => name).ToDictionary();

        Assert.Equal(20, counts["worker killed"]);
        Assert.Equal(5, counts["coordinator killed"]);
        Assert.Equal(5, counts["worker paused"] + counts["coordinator paused"]);
        Assert.Equal(3, counts["everything killed"]);
        Assert.Equal(10, counts["worker leaves, another joins"]);
    }

    static IEnumerable<string> NamesOf(IEnumerable<IFault> faults) => faults.Select(fault => fault.Name);
}

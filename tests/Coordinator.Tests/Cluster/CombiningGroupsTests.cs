using Akka.TestKit;
using DistTrain.Coordinator.Cluster;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Protocol;
using Xunit.Abstractions;

namespace DistTrain.Coordinator.Tests.Cluster;

public sealed class CombiningGroupsTests : ActorTests
{
    readonly CombiningGroups _groups = new(new RunId("run"), Term.First, fanOut: 1);
    readonly TestProbe _first;
    readonly TestProbe _second;

    public CombiningGroupsTests(ITestOutputHelper output) : base(output) => (_first, _second) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task Workers_are_told_through_whom_to_answer_when_that_changes()
    {
        _groups.Enter(new WorkerId("a"), _first, _first);
        await _first.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));

        _groups.Enter(new WorkerId("b"), _second, _second);
        Assert.Equal((null, 2), Said(await _first.ExpectMsgAsync<CombiningAssigned>(Deadline)));
        Assert.Equal(
            (Akka.Serialization.Serialization.SerializedActorPath(_first.Ref), 0),
            Said(await _second.ExpectMsgAsync<CombiningAssigned>(Deadline)));

        _groups.Leave(_first);
        Assert.Equal((null, 0), Said(await _second.ExpectMsgAsync<CombiningAssigned>(Deadline)));
    }

    [Fact]
    public async Task Who_is_admitted_again_is_told_nothing()
    {
        _groups.Enter(new WorkerId("a"), _first, _first);
        _groups.Enter(new WorkerId("b"), _second, _second);
        await _first.ExpectMsgAsync<CombiningAssigned>(Deadline);
        await _second.ExpectMsgAsync<CombiningAssigned>(Deadline);

        _groups.Enter(new WorkerId("a"), _first, _first);

        await _first.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        await _second.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_worker_that_starts_again_takes_the_place_of_its_life_before()
    {
        var again = CreateTestProbe();
        _groups.Enter(new WorkerId("a"), _first, _first);
        _groups.Enter(new WorkerId("b"), _second, _second);
        await _second.ExpectMsgAsync<CombiningAssigned>(Deadline);

        _groups.Enter(new WorkerId("a"), again, again);

        Assert.Equal((null, 2), Said(await _second.ExpectMsgAsync<CombiningAssigned>(Deadline)));
        Assert.Equal(
            (Akka.Serialization.Serialization.SerializedActorPath(_second.Ref), 0), Said(await again.ExpectMsgAsync<CombiningAssigned>(Deadline)));
    }

    static (string? Combiner, int MemberCount) Said(CombiningAssigned assigned) => (assigned.Combiner, assigned.MemberCount);
}

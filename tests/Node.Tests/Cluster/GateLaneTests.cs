using Akka.TestKit.Xunit2;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using Xunit.Abstractions;

namespace DistTrain.Node.Tests.Cluster;

/// <summary>One way through a gate.</summary>
[Collection(nameof(GateLaneTests))]
public sealed class GateLaneTests : TestKit
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly List<IProtocolMessage> _delivered = [];
    readonly List<(IProtocolMessage Message, Exception Cause)> _lost = [];
    readonly GateLane _lane;

    public GateLaneTests(ITestOutputHelper output) : base("akka.loglevel = WARNING", output: output) =>
        _lane = new GateLane(TestActor, (_, made) => _delivered.Add(made), (message, cause) => _lost.Add((message, cause)));

    [Fact]
    public async Task What_is_made_holds_back_what_enters_later()
    {
        var made = Make(Message(1));
        _lane.Enter(Message(2));
        Assert.Empty(_delivered);

        made.SetResult(Message(100));
        await ResumeAsync();
        Assert.Equal([Message(100), Message(2)], _delivered);
        Assert.True(_lane.IsEmpty);
    }

    [Fact]
    public async Task One_thing_is_made_at_a_time()
    {
        var (first, second) = (Make(Message(1)), Make(Message(2)));
        second.SetResult(Message(200));
        Assert.Empty(_delivered);

        first.SetResult(Message(100));
        await ResumeAsync();
        Assert.Equal([Message(100), Message(200)], _delivered);
    }

    [Fact]
    public void What_overtakes_passes_at_once()
    {
        _ = Make(Message(1));
        _lane.Overtake(Message(2));
        Assert.Equal([Message(2)], _delivered);
    }

    [Fact]
    public async Task What_cannot_be_made_is_lost_and_the_others_pass()
    {
        var made = Make(Message(1));
        _lane.Enter(Message(2));
        made.SetException(new IOException("gone"));
        await ResumeAsync();

        var (message, cause) = Assert.Single(_lost);
        Assert.Equal(Message(1), message);
        Assert.Equal("gone", cause.Message);
        Assert.Equal([Message(2)], _delivered);
    }

    [Fact]
    public void What_fails_at_once_is_told_like_any_other_failure()
    {
        _lane.Enter(Message(1), _ => throw new IOException("gone"), Patience);
        var made = ExpectMsg<LaneMade>(Deadline);
        _lane.Resume(made);
        Assert.IsType<IOException>(Assert.Single(_lost).Cause);
    }

    [Fact]
    public async Task What_is_not_made_by_its_deadline_is_lost_though_its_maker_never_ends()
    {
        _lane.Enter(Message(1), _ => new TaskCompletionSource<IProtocolMessage>().Task, TimeSpan.FromMilliseconds(20));
        _lane.Enter(Message(2));
        await ResumeAsync();
        Assert.IsType<TimeoutException>(Assert.Single(_lost).Cause);
        Assert.Equal([Message(2)], _delivered);
    }

    [Fact]
    public async Task What_nobody_wants_is_taken_out_and_its_maker_told_to_stop()
    {
        var stopped = false;
        var made = new TaskCompletionSource<IProtocolMessage>();
        _lane.Enter(Message(1), stop =>
        {
            stop.Register(() => stopped = true);
            return made.Task;
        }, Patience);
        _lane.Enter(Message(2));
        _lane.Enter(Message(3));

        Assert.Equal([Message(1), Message(2)], _lane.Remove(message => message is RunEnded { Term.Number: < 3 }));
        Assert.True(stopped);
        Assert.Equal([Message(3)], _delivered);

        made.SetResult(Message(100));
        await ResumeAsync();
        Assert.Equal([Message(3)], _delivered);
    }

    [Fact]
    public void A_lane_that_is_cleared_delivers_nothing_more()
    {
        _ = Make(Message(1));
        _lane.Enter(Message(2));
        Assert.Equal([Message(1), Message(2)], _lane.Clear());
        Assert.Empty(_delivered);
        Assert.True(_lane.IsEmpty);
    }

    [Fact]
    public void A_flood_is_not_kept()
    {
        _ = Make(Message(0));
        for (var i = 1; i <= GateLane.WaitingMax + 1; i++) _lane.Enter(Message(i));
        Assert.Equal(Message(GateLane.WaitingMax + 1), Assert.Single(_lost).Message);
    }

    TaskCompletionSource<IProtocolMessage> Make(IProtocolMessage message)
    {
        var made = new TaskCompletionSource<IProtocolMessage>();
        _lane.Enter(message, _ => made.Task, Patience);
        return made;
    }

    async Task ResumeAsync() => _lane.Resume(await ExpectMsgAsync<LaneMade>(Deadline));

    static RunEnded Message(long number) => new(new RunId("run"), new Term(number));
}

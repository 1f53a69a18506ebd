using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Node.Tests.Wire;

/// <summary>
/// Two real actor systems on loopback. Messages of one sender arrive in order, so what was sent before one that arrived was dropped if it
/// has not arrived.
/// </summary>
public sealed class WireHostingTests
{
    static readonly RunId Run = new("run");
    static readonly TermAlive Alive = new(Run, Term.First);

    [Fact]
    public async Task Messages_of_the_protocol_arrive_as_they_were_sent()
    {
        await using var sender = await WireNode.OursAsync();
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);
        var joining = new WorkerJoining(new WorkerId("w"), 5, 2, "abc", 3) { Cached = ShardSet.UpTo(100), BlockAddress = "http://h:1" };
        var numbers = Enumerable.Range(0, BlockPassing.InlineMax).Select(i => (byte)i).ToArray();

        actor.Tell(joining);
        actor.Tell(new ParametersOffered(Run, Term.First, 7, new BlockPassing(numbers, null)));

        Assert.Equal(joining, await WireNode.NextAsync(heard));
        var offered = Assert.IsType<ParametersOffered>(await WireNode.NextAsync(heard));
        Assert.Equal(7, offered.Version);
        Assert.Equal(numbers, offered.Numbers!.Value.Inline.ToArray());
    }

    [Fact]
    public async Task What_is_not_in_the_protocol_is_not_sent_and_an_error_says_so()
    {
        await using var sender = await WireNode.OursAsync();
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var errors = ErrorsOf(sender);
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);
        var shape = new ModelShape(2, 1);

        actor.Tell(new Gadget());
        actor.Tell(new ParametersPublished(Run, Term.First, 1, new Parameters(shape)));
        actor.Tell(new WorkerLeaving(new WorkerId("two\nlines"), 1));
        actor.Tell(Alive);

        Assert.Equal(Alive, await WireNode.NextAsync(heard));
        Assert.Contains("Gadget", await WireNode.NextAsync(errors) as string);
        Assert.Contains("ParametersPublished", await WireNode.NextAsync(errors) as string);
        Assert.Contains("WorkerLeaving", await WireNode.NextAsync(errors) as string);
    }

    [Fact]
    public async Task A_message_longer_than_one_frame_bears_is_not_sent_and_the_connection_lives()
    {
        await using var sender = await WireNode.OursAsync();
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var errors = ErrorsOf(sender);
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);
        var mix = new CertificateMix([.. new double[5000]], [.. new double[5000]]);

        actor.Tell(new ComputeShards(
            Run, Term.First, new EvaluationId(1), 1, new EvaluationRequest(EvaluationKind.Entropy, Mix: mix), ShardSet.UpTo(1), false));
        actor.Tell(Alive);

        Assert.Equal(Alive, await WireNode.NextAsync(heard));
        Assert.Contains("ComputeShards", await WireNode.NextAsync(errors) as string);
    }

    [Fact]
    public async Task Json_of_any_type_is_never_made_into_an_object()
    {
        await using var sender = await WireNode.HostileAsync();
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);
        var gadget = new Gadget { Name = "set here" };
        var before = Gadget.MadeCount;

        actor.Tell(gadget);
        actor.Tell("after it");

        Assert.Equal("after it", await WireNode.NextAsync(heard));
        Assert.Equal(before, Gadget.MadeCount);
    }

    [Fact]
    public async Task The_gadget_would_be_made_on_an_open_node()
    {
        await using var sender = await WireNode.HostileAsync();
        await using var receiver = await WireNode.HostileAsync();
        var heard = receiver.Listen();
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);

        actor.Tell(new Gadget { Name = "set here" });

        Assert.Equal("set here", Assert.IsType<Gadget>(await WireNode.NextAsync(heard)).Name);
    }

    [Fact]
    public async Task An_exception_is_never_made_by_the_name_of_its_type()
    {
        await using var sender = await WireNode.HostileAsync();
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);

        actor.Tell(new Status.Failure(new GadgetException("boom")));
        actor.Tell("after it");

        Assert.Equal("after it", await WireNode.NextAsync(heard));
        Assert.Equal(0, GadgetException.MadeCount);
    }

    [Fact]
    public async Task No_actor_is_made_or_stopped_from_another_node()
    {
        await using var sender = await WireNode.HostileAsync();
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);

        sender.System.ActorOf(Props.Create<GadgetActor>().WithDeploy(new Deploy(new RemoteScope(receiver.Address))));
        actor.Tell(PoisonPill.Instance);
        actor.Tell(Kill.Instance);
        actor.Tell("after it");

        Assert.Equal("after it", await WireNode.NextAsync(heard));
        Assert.Equal(0, GadgetActor.MadeCount);
    }

    [Theory]
    [InlineData("ZZ", "90"), InlineData("", ""), InlineData("TA", "FF"), InlineData("TA", "92A2723102C0")]
    [InlineData("DistTrain.Node.Tests.Wire.Gadget, DistTrain.Node.Tests", "90")]
    public async Task A_forged_message_of_the_protocol_is_refused_and_the_connection_lives(string manifest, string bytes)
    {
        await using var sender = await WireNode.HostileAsync(
            akka => akka.WithCustomSerializer("forged", [typeof(Forgery)], system => new ForgedSerializer(system)));
        await using var receiver = await WireNode.OursAsync();
        var heard = receiver.Listen();
        var actor = await sender.FindAsync(receiver, HeardMessages.Name);

        actor.Tell(new Forgery(manifest, Convert.FromHexString(bytes)));
        actor.Tell(new Forgery("TA", new byte[70_000]));
        actor.Tell(new Forgery("TA", Convert.FromHexString("92A372756E01")));

        Assert.Equal(Alive, await WireNode.NextAsync(heard));
    }

    [Fact]
    public async Task Watching_an_actor_of_another_node_works()
    {
        await using var watcher = await WireNode.OursAsync();
        await using var watched = await WireNode.OursAsync();
        watched.Listen();
        var actor = await watcher.FindAsync(watched, HeardMessages.Name);

        var ended = actor.WatchAsync();
        await watched.System.ActorSelection("/user/" + HeardMessages.Name).ResolveOne(TimeSpan.FromSeconds(20)).ContinueWith(
            found => watched.System.Stop(found.Result), TaskScheduler.Default);

        Assert.True(await ended.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>The texts of errors that a node logs.</summary>
    static ChannelReader<object> ErrorsOf(WireNode node)
    {
        var channel = Channel.CreateUnbounded<object>();
        var listener = node.System.ActorOf(Props.Create(() => new ErrorListener(channel.Writer)));
        node.System.EventStream.Subscribe(listener, typeof(Error));
        return channel.Reader;
    }

    sealed class ErrorListener(ChannelWriter<object> texts) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Error error) texts.TryWrite($"{error.Message} {error.Cause?.Message}");
        }
    }
}

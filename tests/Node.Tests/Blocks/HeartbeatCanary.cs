using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace DistTrain.Node.Tests.Blocks;

/// <summary>
/// Sends a heartbeat from one actor system to another and back, over their one connection, every 20 milliseconds, and notes how long each
/// took: those of a cluster travel the same way.
/// </summary>
sealed class HeartbeatCanary : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    readonly ConcurrentQueue<TimeSpan> _delays = [];
    readonly ActorSystem? _owned;
    readonly ActorSystem? _ownedFar;
    readonly IActorRef _heart;

    /// <summary>Between two systems of its own.</summary>
    public HeartbeatCanary() : this(Start(), Start()) => (_owned, _ownedFar) = (Near, Far);

    /// <summary>Between two systems that have other things to say to each other as well.</summary>
    public HeartbeatCanary(ActorSystem near, ActorSystem far)
    {
        (Near, Far) = (near, far);
        var echo = far.ActorOf(Props.Create(() => new Echo()));
        var path = echo.Path.ToStringWithAddress(((ExtendedActorSystem)far).Provider.DefaultAddress);
        var found = near.ActorSelection(path).ResolveOne(Deadline).GetAwaiter().GetResult();
        _heart = near.ActorOf(Props.Create(() => new Heart(found, _delays)));
    }

    public ActorSystem Near { get; }

    public ActorSystem Far { get; }

    /// <summary>An actor system that others reach over loopback.</summary>
    public static ActorSystem Start() => ActorSystem.Create("canary", ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        }
        """));

    /// <summary>How long each of the heartbeats took that were sent while <paramref name="work"/> was under way.</summary>
    public async Task<IReadOnlyList<TimeSpan>> During(Func<Task> work)
    {
        _delays.Clear();
        await work();
        await _heart.Ask<string>("the last one is back?", Deadline);
        return [.. _delays];
    }

    public async ValueTask DisposeAsync()
    {
        Near.Stop(_heart);
        if (_owned is not null) await _owned.Terminate();
        if (_ownedFar is not null) await _ownedFar.Terminate();
    }

    sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    sealed class Heart : ReceiveActor, IWithTimers
    {
        readonly IActorRef _echo;
        readonly HashSet<long> _underWay = [];
        IActorRef? _waiting;

        public Heart(IActorRef echo, ConcurrentQueue<TimeSpan> delays)
        {
            _echo = echo;
            Receive<Beat>(_ => SendBeat());
            Receive<string>(_ =>
            {
                _waiting = Sender;
                AnswerOnceAllAreBack();
            });
            Receive<long>(sent =>
            {
                if (_underWay.Remove(sent)) delays.Enqueue(Stopwatch.GetElapsedTime(sent));
                AnswerOnceAllAreBack();
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("beat", new Beat(), Interval, Interval);

        void SendBeat()
        {
            if (_waiting is not null) return;
            var sent = Stopwatch.GetTimestamp();
            _underWay.Add(sent);
            _echo.Tell(sent);
        }

        void AnswerOnceAllAreBack()
        {
            if (_waiting is null || _underWay.Count > 0) return;
            _waiting.Tell("yes");
            _waiting = null;
        }
    }

    sealed record Beat;
}

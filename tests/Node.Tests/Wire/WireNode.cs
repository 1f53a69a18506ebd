using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using Akka.Remote.Hosting;
using DistTrain.Node.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Node.Tests.Wire;

/// <summary>An actor system on loopback, and the address by which others reach its actors.</summary>
sealed class WireNode : IAsyncDisposable
{
    readonly IHost _host;

    WireNode(IHost host) => _host = host;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public Address Address => ((ExtendedActorSystem)System).Provider.DefaultAddress;

    /// <summary>A node as ours are.</summary>
    public static Task<WireNode> OursAsync() => StartAsync(akka => akka.WithProtocolWire());

    /// <summary>A node that sends whatever it likes.</summary>
    /// <param name="configure">What it has beyond Akka's own settings, which are wide open.</param>
    public static Task<WireNode> HostileAsync(Action<AkkaConfigurationBuilder>? configure = null) => StartAsync(configure ?? (_ => { }));

    /// <summary>The actor of that name at <paramref name="other"/>, found as a stranger finds it.</summary>
    public async Task<IActorRef> FindAsync(WireNode other, string name) =>
        await System.ActorSelection(other.Address + "/user/" + name).ResolveOne(TimeSpan.FromSeconds(20));

    /// <summary>Starts the actor that hears, and gives what it hears.</summary>
    public ChannelReader<object> Listen()
    {
        var channel = Channel.CreateUnbounded<object>();
        System.ActorOf(Props.Create(() => new HeardMessages(channel.Writer)), HeardMessages.Name);
        return channel.Reader;
    }

    /// <summary>The next message of those that are heard, of whatever type.</summary>
    public static async Task<object> NextAsync(ChannelReader<object> heard)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await heard.ReadAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    static async Task<WireNode> StartAsync(Action<AkkaConfigurationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka("disttrain", (akka, _) =>
        {
            akka.WithRemoting(new RemoteOptions { HostName = "127.0.0.1", Port = 0 });
            akka.ConfigureLoggers(loggers => loggers.ClearLoggers());
            configure(akka);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new WireNode(host);
    }
}

using Akka.Actor;
using DistTrain.Coordinator.Runs;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>An actor system of this process, without sockets, that a run's actors can be started in.</summary>
sealed class LocalNode : IDisposable
{
    /// <summary>Longest wait for the actors to end.</summary>
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    readonly IHost _host;

    LocalNode(IHost host) => _host = host;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public ILoggerFactory Logs => _host.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>Starts one, beside what the caller does.</summary>
    public static Task<LocalNode> StartAsync() => CommandThread.Run(
        () =>
        {
            var host = Build();
            host.Start();
            return new LocalNode(host);
        },
        CancellationToken.None);

    /// <summary>What is logged from now on is written to <paramref name="log"/>, which outlives the node.</summary>
    public void LogTo(LogFile log) => Logs.AddProvider(new Lent(log));

    /// <summary>Ends all its actors.</summary>
    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    /// <summary>Comes after <see cref="StopAsync"/>.</summary>
    public void Dispose() => _host.Dispose();

    static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<IHostLifetime, ProgramLifetime>()
            .AddNode((_, _) => { });
        return builder.Build();
    }

    /// <summary>A log that others close.</summary>
    sealed class Lent(LogFile log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}

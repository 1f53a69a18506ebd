using Akka.Actor;
using DistTrain.Coordinator.Runs;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>An actor system of this process, without sockets, that a run's actors can be started in.</summary>
sealed class LocalNode : IDisposable
{
    /// <summary>Longest wait for the actors to end.</summary>
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    readonly LoggerFactory _logs;

    LocalNode(LoggerFactory logs) => (_logs, System) = (logs, NodeHosting.StartLocal(logs));

    public ActorSystem System { get; }

    public ILoggerFactory Logs => _logs;

    /// <summary>Starts one, beside what the caller does.</summary>
    public static Task<LocalNode> StartAsync() => CommandThread.Run(
        () => new LocalNode(new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Debug })), CancellationToken.None);

    /// <summary>What is logged from now on is written to <paramref name="log"/>, which outlives the node.</summary>
    public void LogTo(LogFile log) => _logs.AddProvider(new Lent(log));

    /// <summary>Ends all its actors.</summary>
    public Task StopAsync() => System.Terminate().WaitAsync(ShutdownTimeout);

    /// <summary>Comes after <see cref="StopAsync"/>.</summary>
    public void Dispose() => _logs.Dispose();

    /// <summary>A log that others close.</summary>
    sealed class Lent(LogFile log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}

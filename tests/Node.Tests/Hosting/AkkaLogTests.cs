using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using DistTrain.Node.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace DistTrain.Node.Tests.Hosting;

/// <summary>What actors log arrives in the host's log.</summary>
public class AkkaLogTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_an_actor_says_stands_under_its_type_with_its_cause_and_the_chatter_of_connections_does_not()
    {
        var lines = new Lines();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(lines);
        builder.Services.AddNode((_, _) => { });
        using var host = builder.Build();
        await host.StartAsync().WaitAsync(Deadline);
        host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Speaker()));

        var (category, level, text, cause) = await lines.FirstOf(nameof(Speaker)).WaitAsync(Deadline);
        Assert.Equal(typeof(Speaker).FullName, category);
        Assert.Equal((LogLevel.Warning, "2 of 3 are here"), (level, text));
        Assert.IsType<IOException>(cause);
        await host.StopAsync().WaitAsync(Deadline);
    }

    sealed class Speaker : ReceiveActor
    {
        protected override void PreStart()
        {
            var log = Context.GetLogger();
            log.Warning("Tried to associate with unreachable remote address [{0}].", "akka.tcp://disttrain@127.0.0.1:1");
            log.Warning(new IOException("gone"), "{0} of {1} are here", 2, 3);
        }
    }

    sealed class Lines : ILoggerProvider
    {
        readonly ConcurrentDictionary<string, TaskCompletionSource<(string, LogLevel, string, Exception?)>> _first = new();

        public Task<(string Category, LogLevel Level, string Text, Exception? Cause)> FirstOf(string type) => SourceOf(type).Task;

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void Dispose()
        {
        }

        TaskCompletionSource<(string, LogLevel, string, Exception?)> SourceOf(string type) =>
            _first.GetOrAdd(type, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

        sealed class Line(Lines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.SourceOf(category.Split('.', '+')[^1]).TrySetResult((category, logLevel, formatter(state, exception), exception));
        }
    }
}

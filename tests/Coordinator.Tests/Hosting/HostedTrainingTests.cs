using System.Collections.Concurrent;
using Akka.Hosting;
using DistTrain.Coordinator.Actors;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Tests.Testing;
using DistTrain.Learning;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DistTrain.Coordinator.Tests.Hosting;

/// <summary>A coordinator and its workers as a host runs them.</summary>
[Collection(nameof(ActorTests))]
public class HostedTrainingTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    static readonly int[] ShardRows = [50, 20, 30];
    static readonly PlainProblem Problem = PlainProblem.Random(seed: 3, rowCount: 100, featureCount: 4, classCount: 3);

    [Theory, InlineData(1, 1), InlineData(3, 2)]
    public async Task A_host_with_coordinator_and_workers_trains_and_tells_what_happened(int workerCount, int threadsEach)
    {
        var (log, observer) = (new LogList(), new NoticeList());
        using var host = Build(workerCount, threadsEach, log, observer);
        await host.StartAsync().WaitAsync(Deadline);
        var result = await host.Services.GetRequiredService<TrainingOutcome>().Result.WaitAsync(Deadline);
        await host.StopAsync().WaitAsync(Deadline);

        Assert.True(result.Converged);
        Assert.Equal(workerCount, log.Lines.Count(line => line.Id.Id == 1001));
        Assert.Single(log.Lines, line => line.Id.Id == 1008);
        Assert.Single(log.Lines, line => line.Id.Id == 1007 && line.Level == LogLevel.Information); // The first step; it lasts no 5 s.
        Assert.True(log.Lines.Count(line => line.Id.Id == 1007) >= result.Steps);
        Assert.Equal(result, Assert.Single(observer.Notices.OfType<RunFinishedNotice>()).Result);
        Assert.DoesNotContain(log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_stopped_host_ends_the_run_with_a_named_cause()
    {
        using var host = Build(workerCount: 2, threadsEach: 1, new LogList(), new NoticeList(), coordinator => coordinator.MinWorkers = 3);
        await host.StartAsync().WaitAsync(Deadline);
        await host.StopAsync().WaitAsync(Deadline);
        var outcome = host.Services.GetRequiredService<TrainingOutcome>();
        var failure = await Assert.ThrowsAsync<DistTrainException>(() => outcome.Result.WaitAsync(Deadline));
        Assert.Equal("DT1304", failure.Problem.Code);
    }

    [Fact]
    public async Task The_run_can_be_stopped_with_a_cause_of_ones_own()
    {
        using var host = Build(workerCount: 1, threadsEach: 1, new LogList(), new NoticeList(), coordinator => coordinator.MinWorkers = 3);
        await host.StartAsync().WaitAsync(Deadline);
        var training = await host.Services.GetRequiredService<IRequiredActor<TrainingActor>>().GetAsync().WaitAsync(Deadline);
        training.Tell(new StopTraining(new Problem("DT1300", ExitCode.Interrupted, "stopped by Ctrl-C")), Akka.Actor.ActorRefs.NoSender);
        var outcome = host.Services.GetRequiredService<TrainingOutcome>();
        Assert.Equal("DT1300", (await Assert.ThrowsAsync<DistTrainException>(() => outcome.Result.WaitAsync(Deadline))).Problem.Code);
        await host.StopAsync().WaitAsync(Deadline);
    }

    [Fact]
    public async Task Options_that_cannot_work_stop_the_start_with_all_faults_at_once()
    {
        using var host = Build(workerCount: 0, threadsEach: 0, new LogList(), new NoticeList(), coordinator =>
        {
            coordinator.MinWorkers = 0;
            coordinator.JoinTimeout = TimeSpan.Zero;
        });
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync().WaitAsync(Deadline));
        var faults = (failure as AggregateException)?.InnerExceptions.Cast<OptionsValidationException>().SelectMany(error => error.Failures)
            ?? Assert.IsType<OptionsValidationException>(failure).Failures;
        Assert.Equal(
            [
                "Count is 0; expected: a whole number of at least 1",
                "JoinTimeout is 00:00:00; expected: a duration above 0",
                "MinWorkers is 0; expected: a whole number of at least 1",
                "ThreadsEach is 0; expected: a whole number of at least 1",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    static IHost Build(
        int workerCount, int threadsEach, LogList log, NoticeList observer, Action<CoordinatorOptions>? coordinator = null)
    {
        var manifest = Problem.Manifest(null, ShardRows);
        var job = new TrainingJob(new RunId("hosted"), manifest, Targets.Plain, Trainer.Start(manifest, new TrainingOptions { L2 = 1e-2 }));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<ITrainingObserver>(observer);
        builder.Services.AddCoordinator(job, coordinator ?? (options => options.MinWorkers = workerCount));
        builder.Services.AddWorkers(new PlainShards(Problem, ShardRows), manifest, options =>
        {
            options.Count = workerCount;
            options.ThreadsEach = threadsEach;
        });
        builder.Services.AddNode((akka, provider) => akka.WithActors((system, _) =>
        {
            provider.StartCoordinator(system);
            provider.StartWorkers(system);
        }));
        return builder.Build();
    }

    sealed class NoticeList : ITrainingObserver
    {
        public ConcurrentQueue<TrainingNotice> Notices { get; } = new();

        public void Happened(TrainingNotice notice) => Notices.Enqueue(notice);
    }

    sealed class LogList : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(EventId Id, LogLevel Level, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((eventId, logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}

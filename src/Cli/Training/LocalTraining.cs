using DistTrain.Coordinator;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Node.Hosting;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>A run in this process: a host with a coordinator and workers as actors, without sockets.</summary>
sealed class LocalTraining : IJobTrainer
{
    /// <summary>Longest wait for the actors to end.</summary>
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task StandByAsync(PreparedRun prepared, RunFolder folder, CancellationToken stop) => Task.CompletedTask;

    /// <summary>There are no workers yet.</summary>
    public Task TellEndAsync(RunFolder folder, CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<TrainingResult> RunAsync(SessionJob session, NoticePump pump, LogFile log, CancellationToken stop)
    {
        var job = session.ToTrainingJob();
        using var host = Build(job, session, pump, log);
        await host.StartAsync(stop);
        try
        {
            var outcome = host.Services.GetRequiredService<TrainingOutcome>();
            return await outcome.UntilStopped(job, host.Services.StopTraining, stop);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Workers have ended with their host.</summary>
    public void LetWorkersGo()
    {
    }

    static IHost Build(TrainingJob job, SessionJob session, NoticePump pump, LogFile log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<IHostLifetime, ProgramLifetime>()
            .AddSingleton<ITrainingObserver>(pump)
            .AddCoordinator(job, coordinator => (coordinator.MinWorkers, coordinator.MaxTime) = (session.WorkerCount, session.MaxTime))
            .AddWorkers(session.Dataset, session.Dataset.Manifest, workers => workers.Count = session.WorkerCount)
            .AddNode((akka, provider) => akka.WithCoordinator(provider).WithWorkers(provider));
        return builder.Build();
    }
}

using DistTrain.Coordinator;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>A run in this process: a host with a coordinator and workers as actors, without sockets.</summary>
sealed class LocalTraining : IJobTrainer
{
    /// <summary>Longest wait for a run that was told to stop, beyond what it allows itself for its last checkpoint.</summary>
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the actors to end.</summary>
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<TrainingResult> RunAsync(SessionJob session, NoticePump pump, LogFile log, CancellationToken stop)
    {
        var job = session.ToTrainingJob();
        using var host = Build(job, session, pump, log);
        await host.StartAsync(stop);
        try
        {
            var outcome = host.Services.GetRequiredService<TrainingOutcome>().Result;
            try
            {
                return await outcome.WaitAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                host.Services.StopTraining(new Problem("DT1301", ExitCode.Interrupted, "stopped by a signal"));
                await Task.WhenAny(
                    outcome, Task.Delay((job.CheckpointPlan?.StopTimeout ?? TimeSpan.Zero) + StopTimeout, CancellationToken.None));
                throw;
            }
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    static IHost Build(TrainingJob job, SessionJob session, NoticePump pump, LogFile log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton<ITrainingObserver>(pump)
            .AddCoordinator(job, coordinator => (coordinator.MinWorkers, coordinator.MaxTime) = (session.WorkerCount, session.MaxTime))
            .AddWorkers(session.Dataset, session.Dataset.Manifest, workers => workers.Count = session.WorkerCount)
            .AddNode((akka, provider) => akka.WithCoordinator(provider).WithWorkers(provider));
        return builder.Build();
    }

    /// <summary>Signals are handled by the program (<see cref="StopSignal"/>), not by the host.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using DistTrain.Cli.Runs;
using DistTrain.Coordinator;
using DistTrain.Coordinator.Hosting;
using DistTrain.Data.Storage;
using DistTrain.Formats.Checkpoints;
using DistTrain.Learning;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>A run in this process: a host with a coordinator and workers as actors, without sockets.</summary>
static class LocalTraining
{
    /// <summary>Longest wait for a run that was told to stop, beyond what it allows itself for its last checkpoint.</summary>
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the actors to end.</summary>
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Trains; the host has ended when this returns, however it returns.</summary>
    /// <exception cref="OperationCanceledException">
    /// The user stopped it; the newest step is saved where that was asked for and possible.
    /// </exception>
    /// <exception cref="DistTrainException">Training failed, with the cause.</exception>
    public static async Task<TrainingResult> RunAsync(LocalJob local, NoticePump pump, LogFile log, CancellationToken stop)
    {
        var job = JobOf(local);
        using var host = Build(job, local, pump, log);
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

    static TrainingJob JobOf(LocalJob local)
    {
        var (manifest, options) = (local.Dataset.Manifest, local.Options);
        var first = local.Point?.First ?? Trainer.Start(manifest, options, local.Initial);
        return new TrainingJob(new RunId(local.RunName), manifest, options.TargetsOf(manifest), first)
        {
            Term = local.Term,
            FirstStep = local.Point?.Step ?? 0,
            CheckpointPlan = local.CheckpointPlan,
            CheckpointStore = local.CheckpointStore,
        };
    }

    static IHost Build(TrainingJob job, LocalJob local, NoticePump pump, LogFile log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton<ITrainingObserver>(pump)
            .AddCoordinator(job, coordinator => (coordinator.MinWorkers, coordinator.MaxTime) = (local.WorkerCount, local.MaxTime))
            .AddWorkers(local.Dataset, local.Dataset.Manifest, workers => workers.Count = local.WorkerCount)
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

/// <summary>What is to be trained in this process.</summary>
/// <param name="RunName">The run's name among its kind: part of every message.</param>
/// <param name="Initial">Where training starts; null: where it starts by itself.</param>
/// <param name="MaxTime">When training ends at the latest, from its start; null: no limit.</param>
sealed record LocalJob(
    string RunName, Dataset Dataset, TrainingOptions Options, Parameters? Initial, TimeSpan? MaxTime, int WorkerCount)
{
    public Term Term { get; init; } = Term.First;

    /// <summary>Where it goes on; null where it begins.</summary>
    public ResumePoint? Point { get; init; }

    /// <summary>When checkpoints are saved; null: never.</summary>
    public CheckpointPlan? CheckpointPlan { get; init; }

    /// <summary>Where they go.</summary>
    public ICheckpointStore? CheckpointStore { get; init; }
}

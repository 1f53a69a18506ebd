using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using DistTrain.Coordinator.Actors;
using DistTrain.Node;
using DistTrain.Node.Compute;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DistTrain.Coordinator.Hosting;

/// <summary>Makes a host a coordinator of workers of the same process.</summary>
public static class CoordinatorHosting
{
    /// <summary>
    /// Adds what the coordinator of <paramref name="job"/> needs; <see cref="StartCoordinator(IServiceProvider, ActorSystem)"/> starts it. Its end is told by
    /// <see cref="TrainingOutcome"/>, what happens on the way by every registered <see cref="ITrainingObserver"/>.
    /// </summary>
    public static IServiceCollection AddCoordinator(
        this IServiceCollection services, TrainingJob job, Action<CoordinatorOptions>? configure = null)
    {
        var options = services.AddOptions<CoordinatorOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<CoordinatorOptions>>(new CoordinatorOptions.Validation(job));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(job);
        services.AddSingleton<TrainingOutcome>();
        services.AddSingleton<TrainerThread>();
        services.AddSingleton<ITrainingObserver, TrainingLog>();
        return services;
    }

    /// <summary>Starts the run's actor. Comes before the workers, so that their first call finds it.</summary>
    public static void StartCoordinator(this IServiceProvider provider, ActorSystem system) => system.StartCoordinator(
        provider.GetRequiredService<TrainingJob>(),
        provider.GetRequiredService<IOptions<CoordinatorOptions>>().Value,
        provider.GetRequiredService<TrainerThread>().Thread,
        [.. provider.GetServices<ITrainingObserver>()],
        provider.GetRequiredService<TrainingOutcome>(),
        provider.GetRequiredService<TimeProvider>());

    /// <summary>The same without a host.</summary>
    /// <param name="compute">One thread; the caller's.</param>
    /// <param name="outcome">Tells the end.</param>
    public static void StartCoordinator(
        this ActorSystem system, TrainingJob job, CoordinatorOptions options, ComputeThreads compute,
        ImmutableArray<ITrainingObserver> observers, TrainingOutcome outcome, TimeProvider time)
    {
        var run = new TrainingRun(options.Of(job, NodeArithmetic.OfSameProcess), job.First);
        var actor = system.ActorOf(
            ActorProps.Of(() => new TrainingActor(run, compute, job.CheckpointStore, job.Computer, observers, outcome, time)),
            NodeNames.Training);
        ActorRegistry.For(system).Register<TrainingActor>(actor);
    }

    /// <summary>
    /// Has the run end with <paramref name="why"/> when its newest step is saved; <see cref="TrainingOutcome"/> tells when it has. Without
    /// effect where it has ended already.
    /// </summary>
    public static void StopTraining(this ActorSystem system, Problem why) =>
        ActorRegistry.For(system).Get<TrainingActor>().Tell(new StopTraining(why), ActorRefs.NoSender);

    /// <summary>The one thread that the trainer's arithmetic has between evaluations.</summary>
    sealed class TrainerThread : IDisposable
    {
        public ComputeThreads Thread { get; } = new("trainer", 1);

        public void Dispose() => Thread.Dispose();
    }
}

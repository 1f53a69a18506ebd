using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Worker.Compute;

namespace DistTrain.Worker;

/// <summary>What one worker is made of.</summary>
/// <param name="Computers">Gives it the arithmetic of the run that it is admitted to.</param>
/// <param name="Threads">Its compute threads; owned by the host.</param>
/// <param name="ArithmeticHash">Of this process's self-test.</param>
public sealed record WorkerSetting(
    WorkerId Id, IComputerSource Computers, ComputeThreads Threads, string ArithmeticHash, TimeProvider Time)
{
    /// <summary>Shared by all lives of the worker in this process: copies of this record keep it.</summary>
    internal Incarnations Incarnations { get; } = new(Time);

    /// <summary>Where blocks can be fetched from this process, as http://host:port; null within a process.</summary>
    public string? BlockAddress { get; init; }

    /// <summary>Hears what happens to it; null for nobody.</summary>
    public IWorkerObserver? Observer { get; init; }

    /// <summary>Wait before asking a second time to join; doubles up to <see cref="JoinDelayMax"/>. Above 0, default 50 ms.</summary>
    public TimeSpan JoinDelayMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait between two times of asking to join; default 2 s.</summary>
    public TimeSpan JoinDelayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence of the coordinator after which an idle worker says again that it is there; above 0, default 5 s.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time for opening a run's dataset; above 0, default 60 s. Its shards are opened later, one by one.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

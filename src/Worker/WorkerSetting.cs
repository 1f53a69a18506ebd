using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Worker.Compute;

namespace DistTrain.Worker;

/// <summary>What one worker is made of.</summary>
/// <param name="ComputerOf">Makes, or finds, the arithmetic of a run with the targets that the coordinator admits the worker with.</param>
/// <param name="Threads">Its compute threads; owned by the host.</param>
/// <param name="ArithmeticHash">Of this process's self-test.</param>
public sealed record WorkerSetting(
    WorkerId Id, Func<Targets, IShardComputer> ComputerOf, ComputeThreads Threads, string ArithmeticHash, TimeProvider Time)
{
    /// <summary>Wait before asking a second time to join; doubles up to <see cref="JoinDelayMax"/>. Above 0, default 50 ms.</summary>
    public TimeSpan JoinDelayMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait between two times of asking to join; default 2 s.</summary>
    public TimeSpan JoinDelayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence of the coordinator after which an idle worker says again that it is there; above 0, default 5 s.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(5);
}

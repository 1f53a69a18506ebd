using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Compute;

namespace DistTrain.Worker.Tests.Testing;

/// <summary>Gives one computer: at once, or as the test says; from then on it has the dataset that was offered.</summary>
sealed class StubComputerSource(IShardComputer computer, Func<CancellationToken, Task>? before = null) : IComputerSource
{
    public string? Fingerprint { get; set; }

    public ShardSet Cached { get; init; } = ShardSet.Empty;

    public async ValueTask<IShardComputer> OpenAsync(WorkerAdmitted admission, CancellationToken cancellation)
    {
        if (before is not null) await before(cancellation);
        Fingerprint = admission.Dataset?.Fingerprint;
        return computer;
    }
}

using Microsoft.Extensions.Hosting;

namespace DistTrain.Node.Hosting;

/// <summary>For hosts that start and stop when they are told to: signals are handled by the program, which may have several hosts.</summary>
public sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

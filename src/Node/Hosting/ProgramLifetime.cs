using Microsoft.Extensions.Hosting;

namespace DistTrain.Node.Hosting;

/// <summary>Of a host that lives as long as its program wants: signals are handled by the program, not by the host.</summary>
public sealed class ProgramLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

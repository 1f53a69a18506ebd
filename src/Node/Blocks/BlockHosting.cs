using DistTrain.Node.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Node.Blocks;

/// <summary>The data plane as a part of a node's host.</summary>
public static class BlockHosting
{
    /// <summary>
    /// Adds a data plane that starts and stops with the host, and what is given through it: <see cref="BlockStore"/>,
    /// <see cref="PublishedFiles"/>, <see cref="PublishedWeights"/> (and any other <see cref="IFileSupplier"/> and
    /// <see cref="IWeightSupplier"/> registered before the host starts), <see cref="NodeReadiness"/>, and an <see cref="IBlockClient"/>.
    /// What the host's meters say is at <c>/metrics</c>.
    /// </summary>
    /// <remarks>
    /// Call it before the actor system is added: services start in the order of their adding, and actors want to know
    /// <see cref="BlockPlane.Address"/>.
    /// </remarks>
    public static IServiceCollection AddBlockPlane(this IServiceCollection services, BlockPlaneOptions options)
    {
        services.TryAddSingleton(provider => new BlockStore(provider.GetService<TimeProvider>()));
        services.TryAddSingleton<NodeReadiness>();
        services.TryAddSingleton<IBlockClient>(provider => new BlockClient(provider.GetRequiredService<PlaneMeters>()));
        services.AddMetrics();
        services.TryAddSingleton<MeterReadings>();
        services.TryAddSingleton<PlaneMeters>();
        services.TryAddSingleton<PublishedFiles>();
        services.TryAddSingleton<PublishedWeights>();
        services.AddSingleton<IFileSupplier>(provider => provider.GetRequiredService<PublishedFiles>());
        services.AddSingleton<IWeightSupplier>(provider => provider.GetRequiredService<PublishedWeights>());
        services.AddSingleton(provider => new BlockPlane(
            options,
            provider.GetRequiredService<BlockStore>(),
            provider.GetServices<IFileSupplier>(),
            provider.GetServices<IWeightSupplier>(),
            provider.GetRequiredService<NodeReadiness>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<PlaneMeters>(),
            provider.GetRequiredService<MeterReadings>()));
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<BlockPlane>());
    }
}

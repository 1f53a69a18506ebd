using System.CommandLine;
using DistTrain.Node.Cluster;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Worker.Hosting;
using DistTrain.Worker.Lives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Worker.Commands;

/// <summary>worker --join HOST:PORT[,HOST:PORT]: computes for a coordinator until its run is over.</summary>
sealed class WorkerCommand : Command
{
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    readonly NodeOptions _options = new(NodeRoles.Worker);
    readonly CliEnvironment _environment;

    public WorkerCommand(CliEnvironment environment) : base(WorkerRoot.CommandName, "computes for a coordinator, here or elsewhere")
    {
        _environment = environment;
        _options.AddTo(this);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var node = _options.Read(parsed);
        if (node.Cache is { } cache) node = node with { Cache = _environment.FullPath(cache) };
        ProblemsFoundException.ThrowIfAny(node.Problems());
        var talk = new Talk(_environment.Error, isQuiet: false);
        foreach (var warning in node.Warnings()) talk.Warn(warning);
        if (_options.Warning(parsed) is { } idle) talk.Warn(idle);

        using var host = Build(node, _options.LogFormatOf(parsed));
        await StartAsync(host, node, stop);
        try
        {
            return await WorkAsync(host.Services, stop);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    static async Task StartAsync(IHost host, ClusterNodeOptions node, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
        }
        catch (Exception failure) when (ListenProblem.In(failure, node) is { } problem)
        {
            throw problem.AsException(failure);
        }
    }

    async Task<int> WorkAsync(IServiceProvider services, CancellationToken stop)
    {
        try
        {
            var problem = await services.GetRequiredService<WorkerProcess>().RunAsync(stop);
            return problem is null ? (int)ExitCode.Done : throw problem.AsException();
        }
        catch (OperationCanceledException) when (_environment.Stop.Received is { } signal)
        {
            throw new StoppedException($"stopped by {StopSignal.NameOf(signal)}", "the leases of this worker are handed back");
        }
    }

    static IHost Build(ClusterNodeOptions node, LogFormat format)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddNodeLogging(format);
        builder.Services
            .Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<IHostLifetime, ProgramLifetime>()
            .AddWorkerProcess(node);
        return builder.Build();
    }
}

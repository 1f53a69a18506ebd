using DistTrain.FaultHarness.Faults;
using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Reports;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Tests.Harness;

/// <summary>The harness sees what it is for: with stand-in.sh in the place of the product, which can be told to be broken.</summary>
public sealed class DisturbedRunTests : IDisposable
{
    static readonly Products StandIn = new(
        ["bash", Path.Combine(AppContext.BaseDirectory, "Harness", "stand-in.sh")],
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "DistTrain.EventCheck.dll")]);

    readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_run_that_goes_on_after_every_fault_is_as_promised()
    {
        var faults = new Queue<IFault>([new KillCoordinator(), new KillWorker(), new LeaveAndJoin()]);

        var report = await RunAsync(faults, "--steps", "200");

        Assert.Empty(report.Problems);
        Assert.Empty(faults);
        Assert.Equal(3, report.Strikes.Length);
        Assert.All(report.Strikes, strike => Assert.True(strike is { IsInMidRun: true, IsInTime: true, Step: > 0 }));
        Assert.Equal((2, 0L, 0L), (report.Events!.Terms, report.Events.Lost, report.Events.Twice));
    }

    [Theory]
    [InlineData("hash", "other parameters: other, expected same")]
    [InlineData("twice", "0 shards lost, 1 counted twice")]
    [InlineData("exit", "coordinator: exit code 1")]
    public async Task A_planted_fault_is_found(string planted, string found)
    {
        var report = await RunAsync(new Queue<IFault>(), "--steps", "5", "--planted", planted);

        Assert.Contains(report.Problems, problem => problem.Contains(found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_that_comes_after_the_end_proves_nothing_and_goes_back()
    {
        var faults = new Queue<IFault>([new KillWorker()]);

        var report = await RunAsync(faults, "--steps", "2");

        Assert.Single(faults);
        Assert.DoesNotContain(report.Strikes, strike => strike.IsInMidRun);
    }

    Task<RunReport> RunAsync(Queue<IFault> faults, params string[] options) => new DisturbedRun(
        StandIn, new Workload("stand-in", options), new FleetPlan(Workers: 2), "same", Path.Combine(_folder, "run"), new Random(1), slack: 1)
        .RunAsync(faults, CancellationToken.None);
}

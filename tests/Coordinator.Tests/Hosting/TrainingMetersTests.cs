using System.Diagnostics.Metrics;
using DistTrain.Coordinator.Hosting;
using DistTrain.Learning;
using DistTrain.Node.Metrics;
using DistTrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace DistTrain.Coordinator.Tests.Hosting;

public sealed class TrainingMetersTests
{
    [Fact]
    public void What_happens_in_a_run_can_be_read_from_outside()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<MeterReadings>().BuildServiceProvider();
        var readings = services.GetRequiredService<MeterReadings>();
        var meters = new TrainingMeters(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);

        meters.Happened(new WorkerJoinedNotice("a", 2, 1));
        meters.Happened(new WorkerJoinedNotice("b", 2, 2));
        meters.Happened(new WorkerLostNotice("a", "silent", 4, 1));
        meters.Happened(new LeaseMovedNotice(1, "a", "b", 4, LeaseMoveReason.Late));
        meters.Happened(new ContributionRefusedNotice(1, "a", "late"));
        meters.Happened(new EvaluationFinishedNotice(1, EvaluationKind.Gradient, 1000, TimeSpan.FromSeconds(0.25), 1));
        meters.Happened(new EvaluationFinishedNotice(2, EvaluationKind.Gradient, 1000, TimeSpan.FromSeconds(0.5), 1));
        meters.Happened(new StepTakenNotice(new StepSummary(3, 2, 2, 0.5, 1e-3), TimeSpan.FromSeconds(1), 1));
        meters.Happened(new CheckpointSavedNotice(3, 100, TimeSpan.Zero));

        var text = readings.ToPrometheus();
        string[] expected =
        [
            "disttrain_workers 1", "disttrain_workers_lost_total 1", "disttrain_shards_moved_total{reason=\"Late\"} 4",
            "disttrain_contributions_refused_total 1", "disttrain_rows_total 2000", "disttrain_step 3", "disttrain_objective 0.5",
            "disttrain_evaluation_seconds_count{kind=\"Gradient\"} 2", "disttrain_evaluation_seconds_sum{kind=\"Gradient\"} 0.75",
        ];
        Assert.All(expected, line => Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal));
        Assert.Contains("\ndisttrain_checkpoint_age_seconds ", text, StringComparison.Ordinal);
    }
}

using CsCheck;
using DistTrain.Numerics;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Runs that are stopped or lost at any moment, over and over, and go on from what was saved.</summary>
public class CheckpointedRunTests
{
    const int QuestionCount = 12;

    [Fact]
    public void However_often_the_coordinator_is_stopped_or_lost_the_bits_are_those_of_the_undisturbed_run() =>
        Gen.ULong.Sample(
            seed =>
            {
                var random = new CounterRandom(seed, stream: 11);
                var (first, step, interruptions) = (CountingTrainer.Start(QuestionCount), 0, 0);
                while (true)
                {
                    var options = Options(seed, random.NextInt32(3)) with { FirstStep = step, Term = new Term(1 + interruptions) };
                    var moment = TimeSpan.FromSeconds(20 * random.NextDouble());
                    var isStopped = random.NextInt32(2) == 0;
                    var cluster = new SimulatedCluster(
                        options, first, Fates.Of(seed + (ulong)interruptions) with { ClearsAt = TimeSpan.FromSeconds(5) });
                    if (interruptions++ >= 6) cluster.Play();
                    else if (isStopped) cluster.Play(stopAt: moment);
                    else cluster.Play(lostAt: moment);

                    if (cluster.Result is { } result) return HasBitsOf(CountingTrainer.Undisturbed(QuestionCount, options), result);
                    Assert.True(cluster.Failure is null or { Code: "DT1300" } or { Code: "DT1101" }, $"seed {seed}: {cluster.Failure}");
                    if (cluster.Saved is not { } saved) continue;
                    Assert.True(saved.Step > step);
                    (first, step) = (((CountingTrainer)saved.Trainer).AskAgain(), saved.Step);
                }
            },
            iter: 300, threads: 1);

    [Fact]
    public void A_run_that_is_stopped_has_saved_its_last_step_unless_the_disk_failed()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var fates = Fates.Of(seed) with { Failure = 0 };
            var cluster = new SimulatedCluster(Options(seed, 2), CountingTrainer.Start(1000), fates).Play(stopAt: TimeSpan.FromSeconds(30));

            Assert.Equal("DT1300", cluster.Failure?.Code);
            var steps = cluster.Notices.OfType<StepTakenNotice>().Select(step => step.Summary.Step).ToArray();
            Assert.Equal(steps.Length == 0 ? null : steps[^1], cluster.Saved?.Step);
        }
    }

    /// <summary>Checkpoints after every second, after every third step, or when the run is stopped alone.</summary>
    static TrainingRunOptions Options(ulong seed, int kind) => new()
    {
        Run = new RunId("run"),
        Shape = CountingTrainer.Shape,
        TrainingRows = [5, 0, 700, 30],
        ValidationRows = [40],
        ArithmeticHash = "hash",
        LeaseFirst = TimeSpan.FromSeconds(seed % 2 == 0 ? 1 : 60),
        LeaseMin = TimeSpan.FromSeconds(0.5),
        Checkpoints = kind switch
        {
            0 => new CheckpointPlan { Interval = TimeSpan.FromSeconds(1) },
            1 => new CheckpointPlan { Interval = null, Steps = 3 },
            _ => new CheckpointPlan { Interval = TimeSpan.FromHours(1) },
        },
    };

    static bool HasBitsOf(TrainingResult expected, TrainingResult actual) =>
        expected.Parameters.Values.Select(BitConverter.DoubleToInt64Bits)
            .SequenceEqual(actual.Parameters.Values.Select(BitConverter.DoubleToInt64Bits));
}

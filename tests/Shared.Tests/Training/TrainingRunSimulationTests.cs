using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Shared.Tests.Training.Simulation;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

/// <summary>Whole runs on a simulated cluster: whoever is late, lost, silent or double, the end is the same to the bit.</summary>
public class TrainingRunSimulationTests
{
    const int QuestionCount = 8;

    /// <summary>Seeds of the runs; each decides everything about its run, and a failure names it.</summary>
    static IEnumerable<ulong> Seeds(int count) => Enumerable.Range(0, count).Select(i => CounterRandom.At(20_241, 0, (ulong)i));

    [Fact]
    public void Any_leases_order_grouping_repetition_lateness_loss_and_rejoining_give_the_same_bits() =>
        Assert.All(Seeds(1000), EndsWithTheUndisturbedBits);

    /// <summary>In this run what a lone worker lacks is lost more than eight times in a row: it must not be given up for that.</summary>
    [Fact]
    public void A_lone_worker_that_much_is_lost_on_the_way_to_ends_the_run() => EndsWithTheUndisturbedBits(3_270_751_402_702_304_640);

    static void EndsWithTheUndisturbedBits(ulong seed)
    {
        var random = new CounterRandom(seed, 3);
        var options = Options(1 + random.NextInt32(70), random.NextInt32(6), seed) with { ShardAttempts = int.MaxValue };
        var cluster = new SimulatedCluster(options, CountingTrainer.Start(QuestionCount), Fates.Of(seed)).Play();
        Assert.Null(cluster.Failure);
        Assert.True(HasBitsOf(CountingTrainer.Undisturbed(QuestionCount, options), cluster.Result!));
    }

    [Fact]
    public void With_everything_computed_twice_a_faulty_worker_is_named_alone_and_leaves_no_trace_in_the_bits()
    {
        var namedCount = 0;
        Assert.All(Seeds(300), seed =>
        {
            var fates = Fates.Of(seed) with { WorkerCount = 2 + (int)(seed % 4), Fault = 0.02 };
            var options = Audited(seed, share: 1);
            var cluster = new SimulatedCluster(options, CountingTrainer.Start(QuestionCount), fates).Play();
            Assert.Null(cluster.Failure);
            Assert.True(HasBitsOf(CountingTrainer.Undisturbed(QuestionCount, options), cluster.Result!), $"Seed {seed}.");
            WorkerFaultyNotice[] named = [.. cluster.Notices.OfType<WorkerFaultyNotice>()];
            Assert.All(named, notice => Assert.Equal(("w0", null), (notice.Worker, notice.Unverified)));
            namedCount += named.Length;
        });
        Assert.InRange(namedCount, 100, 300);
    }

    [Fact]
    public void A_lone_worker_is_compared_with_the_coordinator() => Assert.All(Seeds(100), seed =>
    {
        var fates = Fates.Of(seed) with { WorkerCount = 1 };
        var options = Audited(seed, share: 1);
        var honest = new SimulatedCluster(options, CountingTrainer.Start(QuestionCount), fates).Play();
        Assert.True(HasBitsOf(CountingTrainer.Undisturbed(QuestionCount, options), honest.Result!), $"Seed {seed}.");
        Assert.Empty(honest.Notices.OfType<WorkerFaultyNotice>());

        var faulty = new SimulatedCluster(
            options, CountingTrainer.Start(QuestionCount), new Fates { Seed = seed, WorkerCount = 1, Fault = 1 }).Play();
        Assert.Equal("DT5001", faulty.Failure?.Code);
        Assert.Single(faulty.Notices.OfType<WorkerFaultyNotice>());
    });

    [Fact]
    public void Where_only_a_share_is_computed_twice_nobody_is_wronged_and_all_is_as_without() => Assert.All(Seeds(300), seed =>
    {
        var options = Audited(seed, share: 0.2);
        var cluster = new SimulatedCluster(options, CountingTrainer.Start(QuestionCount), Fates.Of(seed)).Play();
        Assert.True(HasBitsOf(CountingTrainer.Undisturbed(QuestionCount, options), cluster.Result!), $"Seed {seed}.");
        Assert.Empty(cluster.Notices.OfType<WorkerFaultyNotice>());
    });

    static TrainingRunOptions Audited(ulong seed, double share) =>
        Options(1 + (int)(seed % 30), (int)(seed % 5), seed) with
        {
            ShardAttempts = int.MaxValue,
            Audit = share,
            AuditSeed = seed,
            CanRecompute = true,
        };

    [Fact]
    public void The_notices_of_a_disturbed_run_show_that_the_disturbances_took_place()
    {
        var notices = Enumerable.Range(0, 60)
            .SelectMany(seed => new SimulatedCluster(Options(16, 2, (ulong)seed), CountingTrainer.Start(QuestionCount), Fates.Of((ulong)seed))
                .Play().Notices)
            .ToLookup(notice => notice.GetType());

        Type[] expected =
        [
            typeof(WorkerJoinedNotice), typeof(WorkerLostNotice), typeof(LeaseMovedNotice), typeof(ContributionRefusedNotice),
            typeof(EvaluationFinishedNotice), typeof(StepTakenNotice), typeof(RunFinishedNotice),
        ];
        Assert.All(expected, kind => Assert.True(notices[kind].Any(), $"No {kind.Name} in 60 runs."));
        Assert.Contains(
            notices[typeof(ContributionRefusedNotice)],
            notice => ((ContributionRefusedNotice)notice).Reason.EndsWith("cannot be taken apart", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_all_workers_die_the_run_fails_within_the_time_that_its_options_allow() => Assert.All(Seeds(100), seed =>
    {
        var fates = Fates.Of(seed) with { AllDie = true, ClearsAt = TimeSpan.FromMilliseconds(100) };
        var cluster = new SimulatedCluster(Options(16, 2, seed), CountingTrainer.Start(1000), fates).Play();
        Assert.Equal("DT5001", cluster.Failure?.Code);
        // First deadline, doubled at every silence until the loss, at most once more for what a lost one left; then the last wait.
        Assert.InRange(cluster.Now, TimeSpan.Zero, TimeSpan.FromSeconds(2 * 60 * (1 + 2 + 4 + 8) + 60));
    });

    /// <summary>They join, compute and say so: no other wait would ever end.</summary>
    [Fact]
    public void Where_no_sums_arrive_the_run_fails_in_time_and_names_the_cause() => Assert.All(Seeds(100), seed =>
    {
        var fates = Fates.Of(seed);
        var options = Options(1 + (int)(seed % 20), 2, seed) with { TrainingRows = [.. Enumerable.Repeat(100, 1 + (int)(seed % 20))] };
        var cluster = new SimulatedCluster(
            options, CountingTrainer.Start(QuestionCount), fates with { CutOffCount = fates.WorkerCount }).Play();
        Assert.Equal(("DT5005", ExitCode.Cluster), (cluster.Failure?.Code, cluster.Failure?.ExitCode));
        Assert.Matches("^no sums of evaluation 1 have arrived for [0-9]+ s, though workers take part, such as w[0-9]", cluster.Failure!.Message);
        Assert.True(cluster.Now >= options.AnswerTimeout);
    });

    [Fact]
    public void Where_the_sums_of_some_arrive_the_run_goes_on_to_its_end() => Assert.All(Seeds(300), seed =>
    {
        var fates = Fates.Of(seed);
        fates = fates with { WorkerCount = fates.WorkerCount + 1, CutOffCount = fates.WorkerCount };
        var options = Options(16, 2, seed) with
        {
            ShardAttempts = int.MaxValue,
            LeaseFirst = TimeSpan.FromSeconds(1),
            AnswerTimeout = TimeSpan.FromMinutes(1),
        };
        var cluster = new SimulatedCluster(options, CountingTrainer.Start(QuestionCount), fates).Play();
        Assert.Null(cluster.Failure);
        Assert.True(HasBitsOf(CountingTrainer.Undisturbed(QuestionCount, options), cluster.Result!), $"Seed {seed}.");
    });

    [Fact]
    public void A_run_whose_time_is_over_ends_with_what_it_has_whatever_happens_to_its_workers() => Assert.All(Seeds(50), seed =>
    {
        var limit = TimeSpan.FromSeconds(0.1 + 4 * new CounterRandom(seed, 4).NextDouble());
        var options = Options(16, 2, seed) with { ShardAttempts = int.MaxValue, MaxTime = limit };
        var cluster = new SimulatedCluster(options, CountingTrainer.Start(100_000), Fates.Of(seed)).Play();
        Assert.Equal(StoppedBy.Time, cluster.Result!.StoppedBy);
        Assert.Single(cluster.Notices.OfType<TimeRanOutNotice>());
        Assert.True(cluster.Now >= limit);
    });

    [Fact]
    public void The_same_seed_gives_the_same_history()
    {
        var histories = Enumerable.Range(0, 2).Select(_ =>
            new SimulatedCluster(Options(9, 2, 5), CountingTrainer.Start(QuestionCount), Fates.Of(5)).Play().Notices.ToArray()).ToArray();
        Assert.Equal(histories[0].Select(notice => notice.ToString()), histories[1].Select(notice => notice.ToString()));
    }

    static bool HasBitsOf(TrainingResult expected, TrainingResult actual) =>
        expected.Parameters.Values.Select(BitConverter.DoubleToInt64Bits)
            .SequenceEqual(actual.Parameters.Values.Select(BitConverter.DoubleToInt64Bits));

    static TrainingRunOptions Options(int trainingShards, int validationShards, ulong seed) => new()
    {
        Run = new RunId("run"),
        Shape = CountingTrainer.Shape,
        TrainingRows = [.. Rows(trainingShards, seed)],
        ValidationRows = [.. Rows(validationShards, seed + 1)],
        ArithmeticHash = "hash",
        LeaseFirst = TimeSpan.FromSeconds(seed % 2 == 0 ? 1 : 60),
        LeaseMin = TimeSpan.FromSeconds(0.5),
    };

    /// <summary>Uneven, some empty.</summary>
    static int[] Rows(int count, ulong seed)
    {
        var random = new CounterRandom(seed, 7);
        return Enumerable.Range(0, count).Select(_ => random.NextInt32(4) * random.NextInt32(1000)).ToArray();
    }
}

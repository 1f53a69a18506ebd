using System.Text;
using System.Text.Json;
using DistTrain.Coordinator.Runs;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Cli.Tests.Runs;

public sealed class EventLogTests
{
    /// <summary>A file that takes nothing.</summary>
    const string FullDisk = "/dev/full";

    static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

    public static TheoryData<TrainingNotice, string> Lines => new()
    {
        { new WorkerJoinedNotice("worker-0", 1, 2), "'event':'workerJoined','worker':'worker-0','threads':1,'workers':2}" },
        { new CheckpointSavedNotice(12, 28230, TimeSpan.FromSeconds(0.25)), "'event':'checkpoint','step':12,'bytes':28230,'seconds':0.25}" },
        { new CheckpointMissedNotice(12, "the disk is full"), "'event':'checkpointMissed','step':12,'reason':'the disk is full'}" },
        { new WorkerRefusedNotice("worker-0", "version"), "'event':'workerRefused','worker':'worker-0','reason':'version'}" },
        { new WorkerLostNotice("worker-0", "it left", 3, 1), "'event':'workerLost','worker':'worker-0','reason':'it left','shardsMoved':3,'workers':1}" },
        { new LeaseMovedNotice(7, "a", "b", 2, LeaseMoveReason.Late), "'event':'leaseMoved','evaluation':7,'from':'a','to':'b','shards':2,'reason':'late'}" },
        { new WorkerFaultyNotice("a", 7, 3, null), "'event':'workerFaulty','evaluation':7,'worker':'a','shard':3}" },
        {
            new WorkerFaultyNotice("a", 7, 3, new UnverifiedSteps(1, 5)),
            "'event':'workerFaulty','evaluation':7,'worker':'a','shard':3,'unverifiedFrom':1,'unverifiedTo':5}"
        },
        { new ContributionRefusedNotice(7, "a", "late"), "'event':'contributionRefused','evaluation':7,'worker':'a','reason':'late'}" },
        {
            new EvaluationFinishedNotice(8, EvaluationKind.Gradient, 100, TimeSpan.FromSeconds(0.5), 2),
            "'event':'evaluation','evaluation':8,'kind':'gradient','part':'training','rows':100,'seconds':0.5,'workers':2,'shardCount':0,'accepted':{}}"
        },
        {
            new EvaluationFinishedNotice(9, EvaluationKind.Metrics, 10, TimeSpan.FromSeconds(0.5), 2)
            {
                Part = DatasetPart.Validation,
                Shards = ShardSet.UpTo(6),
                Accepted = [new("a", Shards(0, 1, 2)), new("b", Shards(4)), new("a", Shards(5)), new(null, Shards(3))],
            },
            "'event':'evaluation','evaluation':9,'kind':'metrics','part':'validation','rows':10,'seconds':0.5,'workers':2,'shardCount':6,"
                + "'accepted':{'a':'0-2,5','b':'4','(coordinator)':'3'}}"
        },
        {
            new EvaluationFinishedNotice(10, EvaluationKind.Batch, 10, TimeSpan.FromSeconds(0.5), 1)
            {
                Shards = Shards(2, 3, 7),
                Accepted = [new("a", Shards(2, 3, 7))],
            },
            "'event':'evaluation','evaluation':10,'kind':'batch','part':'training','rows':10,'seconds':0.5,'workers':1,'shardCount':3,"
                + "'shards':'2-3,7','accepted':{'a':'2-3,7'}}"
        },
        {
            new StepTakenNotice(new StepSummary(3, 4, 4, 0.25, 1e-5), TimeSpan.FromSeconds(1.5), 2),
            "'event':'step','step':3,'evaluations':4,'epochs':4,'objective':0.25,'gradientMax':1E-05,'seconds':1.5,'workers':2}"
        },
        {
            new StepTakenNotice(new StepSummary(3, 4, 0.5, double.PositiveInfinity, null), TimeSpan.FromSeconds(1.5), 2),
            "'event':'step','step':3,'evaluations':4,'epochs':0.5,'seconds':1.5,'workers':2}"
        },
        {
            new RunFailedNotice(new Problem("DT6001", ExitCode.Diverged, "the loss is \"∞\"")),
            "'event':'failed','code':'DT6001','message':'the loss is \\'∞\\''}"
        },
    };

    static ShardSet Shards(params int[] shards) => ShardSet.Of(shards.Select(shard => new ShardId(shard)));

    [Theory, MemberData(nameof(Lines))]
    public void A_notice_is_one_line(TrainingNotice notice, string line) =>
        Assert.Equal("{\"time\":\"2026-01-02T01:04:05.678Z\"," + line.Replace('\'', '"') + "\n", Written(log => log.Take(Time, notice)));

    [Fact]
    public void Start_and_stop_are_told() => Assert.Equal(
        """
        {"time":"2026-01-02T01:04:05.678Z","event":"started","term":1,"version":"0.1.0","dataset":"abc","workers":3}
        {"time":"2026-01-02T01:04:05.678Z","event":"stopped","term":1,"signal":"SIGTERM","step":12}
        {"time":"2026-01-02T01:04:05.678Z","event":"resumed","step":12,"checkpoint":"r/checkpoints/0000000012-000001","term":2,"version":"0.1.0","dataset":"abc","workers":3}
        {"time":"2026-01-02T01:04:05.678Z","event":"resumed","step":0,"term":3,"version":"0.1.0","dataset":"abc","workers":3}

        """.ReplaceLineEndings("\n"),
        Written(log =>
        {
            log.Started(Time, Term.First, "abc", 3);
            log.Stopped(Time, ExitCode.Terminated, 12);
            log.Resumed(Time, new Term(2), "abc", 3, 12, "r/checkpoints/0000000012-000001");
            log.Resumed(Time, new Term(3), "abc", 3, 0, null);
        }));

    [Theory]
    [InlineData("{}\n{}\n", "{}\n{}\n")]
    [InlineData("{}\n{\"time\":\"20", "{}\n")]
    [InlineData("{\"time", "")]
    [InlineData("", "")]
    public void Of_a_run_that_goes_on_whole_lines_are_kept(string before, string kept)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, before);
            using (var log = EventLog.Append(path)) log.Stopped(Time, ExitCode.Terminated, 12);

            var after = File.ReadAllText(path);
            Assert.StartsWith(kept, after, StringComparison.Ordinal);
            Assert.Equal(
                "{\"time\":\"2026-01-02T01:04:05.678Z\",\"event\":\"stopped\",\"signal\":\"SIGTERM\",\"step\":12}\n", after[kept.Length..]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Two_that_write_into_one_file_do_not_overwrite_each_other()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var first = EventLog.Append(path))
            using (var second = EventLog.Append(path))
            {
                first.Stopped(Time, ExitCode.Terminated, 1);
                second.Stopped(Time, ExitCode.Terminated, 2);
                first.Stopped(Time, ExitCode.Terminated, 3);
            }
            Assert.Equal(
                [1, 2, 3], File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_line_that_a_full_disk_did_not_take_is_not_tried_again_on_closing()
    {
        if (!File.Exists(FullDisk)) return; // Linux has such a file.

        var log = EventLog.Append(FullDisk);

        Assert.Throws<IOException>(() => log.Stopped(Time, ExitCode.Terminated, 1));
        log.Dispose();
    }

    static string Written(Action<EventLog> write)
    {
        using var stream = new MemoryStream();
        using (var log = new EventLog(stream, keepsBatches: true)) write(log);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

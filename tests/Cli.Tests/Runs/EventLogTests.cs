using System.Text;
using DistTrain.Cli.Runs;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Cli.Tests.Runs;

public sealed class EventLogTests
{
    static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

    public static TheoryData<TrainingNotice, string> Lines => new()
    {
        { new WorkerJoinedNotice("worker-0", 1, 2), "'event':'workerJoined','worker':'worker-0','threads':1,'workers':2}" },
        { new WorkerRefusedNotice("worker-0", "version"), "'event':'workerRefused','worker':'worker-0','reason':'version'}" },
        { new WorkerLostNotice("worker-0", "it left", 3, 1), "'event':'workerLost','worker':'worker-0','reason':'it left','shardsMoved':3,'workers':1}" },
        { new LeaseMovedNotice(7, "a", "b", 2), "'event':'leaseMoved','evaluation':7,'from':'a','to':'b','shards':2}" },
        { new ContributionRefusedNotice(7, "a", "late"), "'event':'contributionRefused','evaluation':7,'worker':'a','reason':'late'}" },
        {
            new EvaluationFinishedNotice(8, EvaluationKind.Gradient, 100, TimeSpan.FromSeconds(0.5), 2),
            "'event':'evaluation','evaluation':8,'kind':'gradient','rows':100,'seconds':0.5,'workers':2}"
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

    [Theory, MemberData(nameof(Lines))]
    public void A_notice_is_one_line(TrainingNotice notice, string line) =>
        Assert.Equal("{\"time\":\"2026-01-02T01:04:05.678Z\"," + line.Replace('\'', '"') + "\n", Written(log => log.Take(Time, notice)));

    [Fact]
    public void Start_and_stop_are_told() => Assert.Equal(
        """
        {"time":"2026-01-02T01:04:05.678Z","event":"started","term":1,"version":"0.1.0","dataset":"abc","workers":3}
        {"time":"2026-01-02T01:04:05.678Z","event":"stopped","signal":"SIGTERM","step":12}

        """.ReplaceLineEndings("\n"),
        Written(log =>
        {
            log.Started(Time, "abc", 3);
            log.Stopped(Time, ExitCode.Terminated, 12);
        }));

    static string Written(Action<EventLog> write)
    {
        using var stream = new MemoryStream();
        using (var log = new EventLog(stream)) write(log);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

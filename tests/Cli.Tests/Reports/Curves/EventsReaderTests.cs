using System.Text;
using DistTrain.Coordinator.Reports.Curves;
using DistTrain.Coordinator.Runs;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Cli.Tests.Reports.Curves;

public sealed class EventsReaderTests
{
    static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Steps_are_read_back_as_they_were_written()
    {
        using var written = new MemoryStream();
        using (var log = new EventLog(written))
        {
            log.Started(Time, Term.First, "abc", 2);
            log.Take(Time, new StepTakenNotice(new StepSummary(0, 1, 1, 1.0986, 0.25), TimeSpan.FromSeconds(0.5), 2));
            log.Take(Time, new EvaluationFinishedNotice(2, EvaluationKind.Gradient, 100, TimeSpan.FromSeconds(0.1), 2));
            log.Take(Time, new StepTakenNotice(new StepSummary(1, 3, 1.5, double.PositiveInfinity, null), TimeSpan.FromSeconds(1), 2));
        }

        Assert.Equal([new(0, 1, 1, 0.5, 1.0986, 0.25, null), new(1, 3, 1.5, 1, null, null, null)], Read(written.ToArray()).Points);
    }

    [Fact]
    public void A_watched_log_loss_belongs_to_the_step_before_and_a_resumption_forgets_later_steps()
    {
        var history = Read(Encoding.UTF8.GetBytes(
            """
            {"event":"step","step":1,"evaluations":2,"epochs":2,"objective":0.5,"seconds":1}
            {"event":"validation","step":1,"epochs":2,"logLoss":0.75,"best":true}
            {"event":"step","step":2,"evaluations":3,"epochs":3,"objective":0.25,"seconds":2}
            {"event":"resumed","step":1,"checkpoint":"run/checkpoints/0000000001-000001"}
            {"event":"step","step":2,"evaluations":3,"epochs":3,"objective":0.25,"seconds":0.5}

            """));

        Assert.Equal([new(1, 2, 2, 1, 0.5, null, 0.75), new(2, 3, 3, 2.5, 0.25, null, null)], history.Points);
        Assert.Equal(2, history.Resumptions.Single().Before.Seconds);
    }

    [Fact]
    public void A_run_that_began_again_forgets_all_steps()
    {
        var history = Read(Encoding.UTF8.GetBytes(
            """
            {"event":"step","step":0,"evaluations":1,"epochs":1,"objective":1,"seconds":1}
            {"event":"step","step":1,"evaluations":2,"epochs":2,"objective":0.5,"seconds":2}
            {"event":"resumed","step":0}
            {"event":"step","step":0,"evaluations":1,"epochs":1,"objective":1,"seconds":0.5}

            """));

        Assert.Equal([new(0, 1, 1, 2.5, 1, null, null)], history.Points);
        Assert.Equal(1, history.StepCount);
        Assert.Empty(history.Resumptions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON, though it says \"event\":\"step\"\n")]
    [InlineData("{\"event\":\"step\",\"step\":1,\"obj")]
    [InlineData("{\"event\":\"finished\",\"note\":\"\\\"event\\\":\\\"step\\\"\"}\n")]
    public void Lines_that_are_torn_off_or_of_other_events_are_left_out(string text) =>
        Assert.Empty(Read(Encoding.UTF8.GetBytes(text)).Points);

    static StepHistory Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return EventsReader.Read(stream);
    }
}

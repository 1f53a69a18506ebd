using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Training;
using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Cli.Tests.Output;

public sealed class ProgressTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Plain_lines_come_at_once_and_then_every_five_seconds()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var progress = new PlainProgress(new Talk(error, isQuiet: false));

        for (var i = 0; i <= 100; i++)
        {
            progress.Take(Start.AddMilliseconds(100 * i), Evaluated);
            progress.Take(Start.AddMilliseconds(100 * i), Step(i, i / 10.0));
        }

        Assert.Equal(
            "step 0    objective 0.7  gradient 1.2e-3  evaluations 1  2.0M rows/s  0.00 s\n" +
            "step 50   objective 0.7  gradient 1.2e-3  evaluations 51  2.0M rows/s  5.00 s\n" +
            "step 100  objective 0.7  gradient 1.2e-3  evaluations 101  2.0M rows/s  10.0 s\n",
            error.ToString());
    }

    [Fact]
    public void A_guess_at_the_time_left_stands_at_the_end()
    {
        using var error = new StringWriter { NewLine = "\n" };
        new PlainProgress(new Talk(error, isQuiet: false)).Take(Start, Step(3, 1) with { TimeLeft = TimeSpan.FromSeconds(11.2) });
        Assert.EndsWith("  1.00 s  about 12 s left\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_means_no_progress()
    {
        using var error = new StringWriter();
        new PlainProgress(new Talk(error, isQuiet: true)).Take(Start, Step(0, 0));
        Assert.Empty(error.ToString());
    }

    [Fact]
    public async Task A_live_table_shows_the_last_step_and_lets_lines_through()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var talk = new Talk(error, isQuiet: false);
        await using (var live = new LiveProgress(error, talk, TimeProvider.System))
        {
            live.Take(Start, Step(1, 0.1));
            talk.Warn("worker-1 lost");
            live.Take(Start, Step(27, 0.2));
        }
        talk.Note("after");

        var text = error.ToString();
        Assert.Contains("27", text, StringComparison.Ordinal);
        Assert.Contains("warning: worker-1 lost", text, StringComparison.Ordinal);
        Assert.EndsWith("after\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pump_tells_everyone_everything_in_order()
    {
        var (one, two) = (new Recorder(), new Recorder());
        await using (var pump = new NoticePump(TimeProvider.System, one, two))
        {
            for (var i = 0; i < 1000; i++) pump.Happened(Step(i, i));
        }

        Assert.Equal(Enumerable.Range(0, 1000), one.Steps);
        Assert.Equal(one.Steps, two.Steps);
    }

    [Fact]
    public async Task One_that_fails_does_not_keep_the_others_from_hearing()
    {
        var (broken, whole) = (new Broken(), new Recorder());
        var pump = new NoticePump(TimeProvider.System, broken, whole);
        await using (pump)
        {
            for (var i = 0; i < 10; i++) pump.Happened(Step(i, i));
        }

        Assert.Equal(Enumerable.Range(0, 10), whole.Steps);
        Assert.Equal("no space left", Assert.Single(pump.Failures).Message);
    }

    sealed class Broken : INoticeSink
    {
        public void Take(DateTimeOffset time, TrainingNotice notice) => throw new IOException("no space left");
    }

    static EvaluationFinishedNotice Evaluated { get; } = new(1, EvaluationKind.Gradient, 20_000, TimeSpan.FromMilliseconds(10), 2);

    static StepTakenNotice Step(int number, double seconds) =>
        new(new StepSummary(number, number + 1, number, 0.7, 1.23e-3), TimeSpan.FromSeconds(seconds), 2);

    sealed class Recorder : INoticeSink
    {
        public List<int> Steps { get; } = [];

        public void Take(DateTimeOffset time, TrainingNotice notice) => Steps.Add(((StepTakenNotice)notice).Summary.Step);
    }
}

using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Tests.Harness;

public sealed class RunEventsTests : IDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_run_is_in_mid_run_from_its_first_step_to_its_end()
    {
        var events = new RunEvents(_path);
        Write(0, "\"event\":\"started\",\"term\":1");
        Assert.False(events.IsInMidRun);
        Write(1, "\"event\":\"step\",\"step\":1");
        Assert.True(events.IsInMidRun);
        Write(2, "\"event\":\"finished\",\"step\":1");
        Assert.False(events.IsInMidRun);
    }

    [Fact]
    public void A_run_that_was_restarted_is_in_mid_run_once_it_has_taken_a_step_again()
    {
        var events = new RunEvents(_path);
        Write(0, "\"event\":\"step\",\"step\":7");
        Write(1, "\"event\":\"resumed\",\"step\":5");
        Assert.False(events.IsInMidRun);
        Write(2, "\"event\":\"step\",\"step\":6");
        Assert.Equal(6, events.Step);
    }

    [Fact]
    public void A_run_went_on_when_a_second_evaluation_ended()
    {
        var events = new RunEvents(_path);
        Write(0, "\"event\":\"evaluation\"");
        Write(2, "\"event\":\"evaluation\"");
        Assert.Null(events.WentOnAfter(Noon.AddSeconds(1)));
        Write(3, "\"event\":\"evaluation\"");
        Assert.Equal(Noon.AddSeconds(3), events.WentOnAfter(Noon.AddSeconds(1)));
    }

    [Fact]
    public void A_line_is_read_when_it_is_whole()
    {
        var events = new RunEvents(_path);
        File.AppendAllText(_path, "{\"time\":\"2026-01-01T12:00:00Z\",\"ev");
        Assert.Empty(events.Read());
        File.AppendAllText(_path, "ent\":\"started\"}\n");
        Assert.Single(events.Read());
    }

    [Fact]
    public void A_run_without_a_folder_has_no_events() => Assert.Empty(new RunEvents(_path + ".absent").Read());

    void Write(int second, string fields) => File.AppendAllText(_path, $"{{\"time\":\"{Noon.AddSeconds(second):O}\",{fields}}}\n");
}

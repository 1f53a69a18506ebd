using DistTrain.Coordinator.Hosting;
using DistTrain.Learning;
using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Tests.Hosting;

public class TrainingLogTests
{
    readonly LineList _lines = new();
    readonly HandTime _time = new();

    [Fact]
    public void The_pace_is_told_with_a_step_every_few_seconds_and_no_oftener()
    {
        var log = new TrainingLog(_lines, _time);
        log.Happened(Step(0, seconds: 0, left: null));
        _time.Advance(TimeSpan.FromSeconds(2));
        log.Happened(new CheckpointSavedNotice(1, 1000, TimeSpan.FromSeconds(0.1)));
        for (var i = 1; i <= 50; i++)
        {
            log.Happened(new EvaluationFinishedNotice(i, EvaluationKind.Gradient, 1000, TimeSpan.FromSeconds(0.1), 2));
            log.Happened(Step(i, seconds: i / 10.0, left: TimeSpan.FromSeconds(12.5)));
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }
        Assert.Equal(
            [
                "Information 1022 Pace: 0 rows/s, sent 0 bytes, fetched 0 bytes, age of the checkpoint none, time left unknown",
                "Information 1022 Pace: 7246 rows/s, sent 0 bytes, fetched 0 bytes, age of the checkpoint 4.9 s, time left 12.5 s",
            ],
            _lines.Where(line => line.Contains("Pace", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(LeaseMoveReason.Late, "Warning 1004 Leased to b as well in evaluation 7, since a is late: shards 3")]
    [InlineData(LeaseMoveReason.Failed, "Warning 1017 Leased to b in evaluation 7, since no answer of a could be used: shards 3")]
    [InlineData(LeaseMoveReason.GivenBack, "Information 1018 Leased to b in evaluation 7, given back by a that had not begun them: shards 3")]
    public void A_lease_that_moves_is_told_with_its_reason(LeaseMoveReason reason, string line)
    {
        new TrainingLog(_lines, _time).Happened(new LeaseMovedNotice(7, "a", "b", 3, reason));
        Assert.Equal([line], _lines);
    }

    [Fact]
    public void A_faulty_worker_is_told_with_the_steps_that_nobody_can_vouch_for()
    {
        var log = new TrainingLog(_lines, _time);
        log.Happened(new WorkerFaultyNotice("a", 7, 3, new UnverifiedSteps(2, 5)));
        log.Happened(new WorkerFaultyNotice("a", 7, 3, null));
        Assert.Equal(
            [
                "Error 1021 a computed wrong sums of shard 3 in evaluation 7: it takes no part any more; "
                    + "steps 2 to 5, in which it did, are unverified",
                "Error 1020 a computed wrong sums of shard 3 in evaluation 7: it takes no part any more; all it said before is checked",
            ],
            _lines);
    }

    static StepTakenNotice Step(int step, double seconds, TimeSpan? left) =>
        new(new StepSummary(step, step, step, 0.5, 1e-3), TimeSpan.FromSeconds(seconds), 2) { TimeLeft = left };

    sealed class LineList : List<string>, ILogger<TrainingLog>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
    }

    sealed class HandTime : TimeProvider
    {
        long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}

using System.Diagnostics.Metrics;
using DistTrain.Node.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace DistTrain.Node.Tests.Metrics;

public sealed class MeterReadingsTests : IDisposable
{
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<MeterReadings>().BuildServiceProvider();
    readonly MeterReadings _readings;
    readonly Meter _meter;

    public MeterReadingsTests()
    {
        _readings = _services.GetRequiredService<MeterReadings>();
        _meter = _services.GetRequiredService<IMeterFactory>().Create("test");
    }

    [Fact]
    public void Counters_add_up_by_label_and_gauges_say_the_last()
    {
        var sent = _meter.CreateCounter<long>("node.sent", "By", "Bytes sent.");
        sent.Add(3, Tag("kind", "b"));
        sent.Add(4, Tag("kind", "a"));
        sent.Add(5, Tag("kind", "b"));
        var workers = _meter.CreateGauge<int>("node.workers", null, "Workers.");
        workers.Record(7);
        workers.Record(2);
        var open = _meter.CreateUpDownCounter<int>("node.open", null, "Open.");
        open.Add(3);
        open.Add(-1);

        Assert.Equal("""
            # HELP node_open Open.
            # TYPE node_open gauge
            node_open 2
            # HELP node_sent_bytes_total Bytes sent.
            # TYPE node_sent_bytes_total counter
            node_sent_bytes_total{kind="a"} 4
            node_sent_bytes_total{kind="b"} 8
            # HELP node_workers Workers.
            # TYPE node_workers gauge
            node_workers 2

            """, _readings.ToPrometheus());
    }

    [Fact]
    public void What_is_observed_is_asked_for_at_each_reading()
    {
        var age = 1.5;
        _meter.CreateObservableGauge("age", () => age, "s", "Age.");
        _meter.CreateObservableCounter("ticks", () => 40L, null, "Ticks.");
        _readings.ToPrometheus();
        age = 2.5;
        var text = _readings.ToPrometheus();
        Assert.Contains("\nage_seconds 2.5\n", text, StringComparison.Ordinal);
        Assert.Contains("\nticks_total 40\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_durations_count_and_sum_are_told()
    {
        var durations = _meter.CreateHistogram<double>("pass", "s", "Passes.");
        durations.Record(0.25, Tag("kind", "Gradient"));
        durations.Record(0.5, Tag("kind", "Gradient"));
        Assert.Equal("""
            # HELP pass_seconds Passes.
            # TYPE pass_seconds summary
            pass_seconds_count{kind="Gradient"} 2
            pass_seconds_sum{kind="Gradient"} 0.75

            """, _readings.ToPrometheus());
    }

    [Fact]
    public void Odd_labels_and_infinite_numbers_are_written_as_the_format_wants()
    {
        var bound = _meter.CreateGauge<double>("bound", null, "Bound.");
        bound.Record(double.PositiveInfinity, Tag("a", "x\"\\\ny"), Tag("Z", null));
        Assert.Contains("bound{Z=\"\",a=\"x\\\"\\\\\\ny\"} +Inf\n", _readings.ToPrometheus(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_nodes_meters_in_the_same_process_are_not_read()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("test").CreateCounter<int>("other").Add(1);
        using var loose = new Meter("loose");
        loose.CreateCounter<int>("loose").Add(1);
        Assert.Equal("", _readings.ToPrometheus());
    }

    public void Dispose() => _services.Dispose();

    static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);
}

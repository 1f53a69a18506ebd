using System.Diagnostics.Metrics;

namespace DistTrain.Node.Metrics;

/// <summary>What the meters of one node say now: of those that its <see cref="IMeterFactory"/> made, and no others. Thread-safe.</summary>
public sealed class MeterReadings : IDisposable
{
    readonly Lock _lock = new();
    readonly Dictionary<(Instrument Instrument, string Labels), Reading> _readings = [];
    readonly MeterListener _listener = new();

    /// <summary>Reads from now on; what was counted before is not known.</summary>
    public MeterReadings(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All readings as Prometheus' text, by name and then labels.</summary>
    public string ToPrometheus()
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
        {
            return PrometheusText.Of(_readings.Select(pair => (pair.Key.Instrument, pair.Key.Labels, pair.Value)));
        }
    }

    public void Dispose() => _listener.Dispose();

    void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.LabelsOf(tags);
        lock (_lock)
        {
            var before = _readings.GetValueOrDefault((instrument, labels));
            var isSum = MeterKinds.Of(instrument) is MeterKind.Sum or MeterKind.Total or MeterKind.Distribution;
            _readings[(instrument, labels)] = new Reading(before.Count + 1, isSum ? before.Value + value : value);
        }
    }
}

/// <param name="Count">Measurements so far.</param>
/// <param name="Value">Their sum, or the last of them where a sum has no meaning.</param>
readonly record struct Reading(long Count, double Value);

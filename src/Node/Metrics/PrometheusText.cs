using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DistTrain.Node.Metrics;

/// <summary>
/// Readings in Prometheus' text format, version 0.0.4. Names are those of the instruments, with unit and kind at their end.
/// </summary>
static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<(Instrument Instrument, string Labels, Reading Reading)> readings)
    {
        var text = new StringBuilder();
        foreach (var instrument in readings.GroupBy(one => one.Instrument).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            var (name, kind) = (NameOf(instrument.Key), MeterKinds.Of(instrument.Key));
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Key.Description}\n# TYPE {name} {TypeOf(kind)}\n");
            foreach (var (_, labels, reading) in instrument.OrderBy(one => one.Labels, StringComparer.Ordinal))
            {
                if (kind == MeterKind.Distribution) AppendLine($"{name}_count{labels}", reading.Count);
                AppendLine(kind == MeterKind.Distribution ? $"{name}_sum{labels}" : name + labels, reading.Value);
            }
        }
        return text.ToString();

        void AppendLine(string name, double value) => text.Append(CultureInfo.InvariantCulture, $"{name} {NumberOf(value)}\n");
    }

    /// <summary>Tags as <c>{a="x",b="y"}</c>, in the order of their names; nothing where there are none.</summary>
    public static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .Select(tag => $"{tag.Key}=\"{Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\"");
        return $"{{{string.Join(',', labels)}}}";
    }

    static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        if (instrument.Unit is "By") name += "_bytes";
        if (instrument.Unit is "s") name += "_seconds";
        return MeterKinds.Of(instrument) is MeterKind.Total or MeterKind.Running ? name + "_total" : name;
    }

    static string TypeOf(MeterKind kind) => kind switch
    {
        MeterKind.Total or MeterKind.Running => "counter",
        MeterKind.Distribution => "summary",
        _ => "gauge",
    };

    static string NumberOf(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}

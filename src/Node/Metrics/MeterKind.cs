using System.Diagnostics.Metrics;

namespace DistTrain.Node.Metrics;

/// <summary>What measurements of an instrument mean together.</summary>
enum MeterKind
{
    /// <summary>Each is what there is now.</summary>
    Level,

    /// <summary>Each is added; the sum never falls.</summary>
    Total,

    /// <summary>Each is added; the sum may fall.</summary>
    Sum,

    /// <summary>Each is the sum so far, which never falls.</summary>
    Running,

    /// <summary>Each is one of many, of which count and sum are told.</summary>
    Distribution,
}

static class MeterKinds
{
    /// <summary>By the instrument's type, which is generic in the number.</summary>
    public static MeterKind Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return MeterKind.Level;
        var kind = type.GetGenericTypeDefinition();
        if (kind == typeof(Counter<>)) return MeterKind.Total;
        if (kind == typeof(UpDownCounter<>)) return MeterKind.Sum;
        if (kind == typeof(ObservableCounter<>)) return MeterKind.Running;
        return kind == typeof(Histogram<>) ? MeterKind.Distribution : MeterKind.Level;
    }
}

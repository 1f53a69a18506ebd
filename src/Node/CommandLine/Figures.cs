using System.Globalization;
using System.Text.Json;

namespace DistTrain.Node.CommandLine;

/// <summary>How numbers are written for people. Invariant culture.</summary>
static class Figures
{
    /// <summary>"200,000".</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 class", "2 classes".</summary>
    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>A mean of counts: "12", "12.5".</summary>
    public static string Mean(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    /// <summary>Seven significant digits: "0.1931649", "1.25e-9".</summary>
    public static string Value(double value) =>
        value.ToString(Math.Abs(value) is > 0 and < 1e-4 or >= 1e7 ? "0.######e-0" : "G7", CultureInfo.InvariantCulture);

    /// <summary>Two significant digits: "2.1e-8".</summary>
    public static string Small(double value) => value.ToString("0.0e-0", CultureInfo.InvariantCulture);

    /// <summary>As users write penalties: "1e-4", "0.25", "0".</summary>
    public static string Penalty(double value) =>
        value.ToString(value == 0 || Math.Abs(value) is >= 0.01 and < 10_000 ? "R" : "0.################e-0", CultureInfo.InvariantCulture);

    /// <summary>A number of options.json as a user types it, no digit lost: "1e-5", "8192".</summary>
    public static string Typed(JsonElement number) =>
        number.GetRawText() is var text && text.AsSpan().ContainsAny('.', 'e', 'E') ? Penalty(number.GetDouble()) : text;

    /// <summary>Five decimals, for what lies between 0 and 1.</summary>
    public static string Share(double share) => share.ToString("0.00000", CultureInfo.InvariantCulture);

    /// <summary>"40.0 %".</summary>
    public static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    /// <summary>"0.17 %", of shares that are small.</summary>
    public static string FinePercent(double share) => share.ToString("0.00 %", CultureInfo.InvariantCulture);

    /// <summary>Four significant digits with a sign: "+0.4213", "−1.2e-5".</summary>
    public static string Signed(double value)
    {
        var size = Math.Abs(value);
        var text = size is >= 1e-3 and < 1e5 or 0
            ? size.ToString("G4", CultureInfo.InvariantCulture)
            : size.ToString("0.###e-0", CultureInfo.InvariantCulture);
        return (value < 0 ? "−" : "+") + text;
    }

    /// <summary>Whole weights without decimals, others with three.</summary>
    public static string Weight(double weight) =>
        weight.ToString(weight == Math.Floor(weight) ? "N0" : "N3", CultureInfo.InvariantCulture);

    /// <summary>"2.1M rows/s".</summary>
    public static string Rate(double rowsPerSecond) => rowsPerSecond switch
    {
        >= 1e9 => Scaled(rowsPerSecond / 1e9, "G"),
        >= 1e6 => Scaled(rowsPerSecond / 1e6, "M"),
        >= 1e3 => Scaled(rowsPerSecond / 1e3, "k"),
        _ => Scaled(rowsPerSecond, ""),
    };

    /// <summary>"0.42 s", "12 s", "3:25", "1:02:03".</summary>
    public static string Duration(TimeSpan elapsed) => elapsed switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.00} s"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{elapsed.Minutes}:{elapsed.Seconds:00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)elapsed.TotalHours}:{elapsed.Minutes:00}:{elapsed.Seconds:00}"),
    };

    /// <summary>A guess: whole seconds, or minutes and hours.</summary>
    public static string About(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : Duration(time);

    static string Scaled(double value, string unit) =>
        $"{value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)}{unit} rows/s";
}

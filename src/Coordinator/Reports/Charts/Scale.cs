using System.Globalization;

namespace DistTrain.Coordinator.Reports.Charts;

/// <summary>A mark on an axis.</summary>
readonly record struct Tick(double Value, string Label);

/// <summary>From values to places on a page, with marks at round numbers.</summary>
abstract class Scale
{
    /// <summary>Where the value lies between the ends: 0 … 1.</summary>
    public abstract double Share(double value);

    public abstract IReadOnlyList<Tick> Ticks { get; }

    /// <summary>Logarithmic where all values are positive and span more than two decades, else linear.</summary>
    /// <param name="values">At least one, finite.</param>
    public static Scale Of(IReadOnlyCollection<double> values, bool preferLogarithm = false)
    {
        var (least, greatest) = (values.Min(), values.Max());
        var isWide = least > 0 && greatest / least > (preferLogarithm ? 3 : 100);
        return isWide ? new LogScale(least, greatest) : LinearScale.Around(least, greatest);
    }
}

/// <summary>Equal distances for equal differences.</summary>
sealed class LinearScale : Scale
{
    readonly double _first;
    readonly double _last;

    LinearScale(double first, double last, double step)
    {
        (_first, _last) = (first, last);
        var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 15);
        var (from, to) = (Math.Ceiling(first / step - 1e-9), Math.Floor(last / step + 1e-9));
        Ticks =
        [
            .. Enumerable.Range(0, (int)(to - from) + 1).Select(i => (from + i) * step)
                .Select(value => new Tick(value, LabelOf(value, step, decimals))),
        ];
    }

    /// <summary>From 0 to 1.</summary>
    public static LinearScale Unit { get; } = new(0, 1, 0.2);

    public override IReadOnlyList<Tick> Ticks { get; }

    public override double Share(double value) => (value - _first) / (_last - _first);

    /// <summary>Ends at round numbers around the values.</summary>
    public static LinearScale Around(double least, double greatest)
    {
        var margin = least == greatest ? Math.Max(Math.Abs(least) * 0.1, 1e-12) : 0;
        var step = RoundStep((greatest - least + 2 * margin) / 4);
        var (first, last) = (Math.Floor((least - margin) / step + 1e-9), Math.Ceiling((greatest + margin) / step - 1e-9));
        return new LinearScale(first * step, last * step, step);
    }

    /// <summary>From 0 to exactly <paramref name="last"/>: for counts and times, where no room is wasted.</summary>
    public static LinearScale UpTo(double last)
    {
        var end = last > 0 ? last : 1;
        return new LinearScale(0, end, RoundStep(end / 5));
    }

    /// <summary>The least of 1, 2, 5 times a power of ten that is at least <paramref name="step"/>.</summary>
    static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch { <= 1 + 1e-9 => 1, <= 2 + 1e-9 => 2, <= 5 + 1e-9 => 5, _ => 10 } * power;
    }

    static string LabelOf(double value, double step, int decimals)
    {
        if (Math.Abs(value) < step / 2) return "0";
        var size = Math.Abs(value);
        if (size >= 1e6 && step >= 1e5) return (value / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + "M";
        if (size >= 1e4 && step >= 1e2) return (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k";
        return step < 1e-6 || size >= 1e6
            ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
            : value.ToString("F" + decimals, CultureInfo.InvariantCulture);
    }
}

/// <summary>Equal distances for equal ratios; both ends are powers of ten.</summary>
sealed class LogScale : Scale
{
    const int TicksMax = 6;

    readonly int _first;
    readonly int _last;

    /// <param name="least">Above 0.</param>
    public LogScale(double least, double greatest)
    {
        _first = (int)Math.Floor(Math.Log10(least) + 1e-9);
        _last = Math.Max(_first + 1, (int)Math.Ceiling(Math.Log10(greatest) - 1e-9));
        var stride = (_last - _first + TicksMax - 1) / TicksMax;
        Ticks =
        [
            .. Enumerable.Range(0, (_last - _first) / stride + 1).Select(i => _first + i * stride)
                .Select(power => new Tick(Math.Pow(10, power), LabelOf(power))),
        ];
    }

    public override IReadOnlyList<Tick> Ticks { get; }

    public override double Share(double value) => (Math.Log10(value) - _first) / (_last - _first);

    static string LabelOf(int power) => power is >= -2 and <= 3
        ? Math.Pow(10, power).ToString("0.##", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"1e{power}");
}

using DistTrain.Data.Storage;

namespace DistTrain.Bench.Kernels;

/// <summary>By what the time of some work is judged.</summary>
/// <param name="Goal">What the figure should reach.</param>
/// <param name="Best">What the hardware might give.</param>
abstract record Yardstick(double Goal, double Best)
{
    /// <summary>What the figure counts.</summary>
    public abstract string Unit { get; }

    /// <summary>Work that is timed in turn with the one that is judged; null where time alone counts.</summary>
    public virtual Action? Reference => null;

    /// <param name="time">Median seconds of the work.</param>
    /// <param name="reference">Of the reference.</param>
    public abstract double FigureOf(double time, double reference);

    /// <summary>The speed in its own unit, where the figure is a ratio.</summary>
    public virtual string SpeedOf(double time) => "";
}

/// <summary>Share of the speed at which the same memory is read by one sequential stream per thread.</summary>
sealed record ShareOfRead(Shard[] Shards, double Goal, double Best) : Yardstick(Goal, Best)
{
    int _seen;

    public override string Unit => "of read";

    public override Action? Reference => Read;

    public override double FigureOf(double time, double reference) => reference / time;

    public override string SpeedOf(double time) => $"{Shards.Sum(shard => (double)shard.Dense.Bytes.Length) / time / 1e9:0.0} GB/s";

    void Read()
    {
        var next = -1;
        TwoThreads.Run(_ =>
        {
            for (var i = Interlocked.Increment(ref next); i < Shards.Length; i = Interlocked.Increment(ref next))
                Interlocked.Exchange(ref _seen, MemoryRead.Of(Shards[i].Dense.Elements()));
        });
    }
}

/// <summary>How many times as fast as the same work in another form.</summary>
sealed record TimesAsFast(string Other, Action Run, double Goal, double Best) : Yardstick(Goal, Best)
{
    public override string Unit => $"× {Other}";

    public override Action? Reference => Run;

    public override double FigureOf(double time, double reference) => reference / time;
}

/// <summary>Share of what two threads multiply and add in registers.</summary>
/// <param name="Operations">Floating-point operations of the work, without the softmax: 4·rows·D·(K − 1).</param>
sealed record ShareOfPeak(double Operations, double Goal, double Best) : Yardstick(Goal, Best)
{
    public override string Unit => "of FMA peak";

    public override Action? Reference => FmaPeak.Run;

    public override double FigureOf(double time, double reference) => Operations / time / (FmaPeak.Operations / reference);

    public override string SpeedOf(double time) => $"{Operations / time / 1e9:0} GFLOP/s";
}

sealed record TimePerNonzero(double Nonzeros, double Goal, double Best) : Yardstick(Goal, Best)
{
    public override string Unit => "ns/nonzero";

    public override double FigureOf(double time, double reference) => time * 1e9 / Nonzeros;
}

sealed record RowsPerSecond(double Rows, double Goal, double Best) : Yardstick(Goal, Best)
{
    public override string Unit => "M rows/s";

    public override double FigureOf(double time, double reference) => Rows / time / 1e6;
}

using System.Globalization;
using DistTrain.Formats.State;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>How the objectives of steps compare with that of the start.</summary>
/// <param name="Start">The largest objective that counts as the start's.</param>
/// <param name="HasStarted">The first step is counted in <paramref name="Start"/>.</param>
/// <param name="Sum">Of the objectives of this epoch's steps.</param>
/// <param name="Count">Of this epoch's steps.</param>
/// <param name="LastMean">Of the epoch before; ∞ before the first.</param>
readonly record struct Growth(double Start, bool HasStarted, double Sum, int Count, double LastMean)
{
    const double AtOnce = 1e6;
    const double InTheEnd = 10;
    const double Least = 0.1;

    /// <param name="priorLoss">The objective without features.</param>
    public static Growth From(double priorLoss) => new(Math.Max(priorLoss, Least), false, 0, 0, double.PositiveInfinity);

    /// <summary>Whether an objective is too far above that of the start to end with.</summary>
    public static bool IsTooFar(double objective, double start) => objective > InTheEnd * start;

    public Growth After(StepSummary step)
    {
        var start = HasStarted ? Start : Math.Max(Start, step.Objective);
        return step.Objective > AtOnce * start
            ? throw Divergence.Growing(string.Create(CultureInfo.InvariantCulture, $"at step {step.Step}"),
                    step.Objective, start).AsException()
            : this with { Start = start, HasStarted = true, Sum = Sum + step.Objective, Count = Count + 1 };
    }

    /// <param name="epochs">Epochs done.</param>
    public Growth AfterEpoch(double epochs)
    {
        if (Count == 0) return this;
        var mean = Sum / Count;
        return IsTooFar(mean, Start) && mean >= LastMean
            ? throw Divergence.Growing(string.Create(CultureInfo.InvariantCulture, $"on average of epoch {epochs:0}"),
                    mean, Start).AsException()
            : this with { Sum = 0, Count = 0, LastMean = mean };
    }

    public void Save(StateWriter state)
    {
        state.Write(Start);
        state.Write(HasStarted);
        state.Write(Sum);
        state.Write(Count);
        state.Write(LastMean);
    }

    public static Growth Restore(StateReader saved) =>
        new(saved.ReadDouble(), saved.ReadBoolean(), saved.ReadDouble(), saved.ReadInt32(), saved.ReadDouble());
}

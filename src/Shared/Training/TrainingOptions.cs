using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Problems;
using DistTrain.Training.Phases;

namespace DistTrain.Training;

/// <summary>What decides the result of a run beside its data: the mathematics, the limits and the seed.</summary>
public sealed record TrainingOptions
{
    const int FullBatchStepsMax = 200;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Lbfgs;

    /// <summary>λ₂ of the objective, ≥ 0; default 1e-4.</summary>
    public double L2 { get; init; } = 1e-4;

    /// <summary>Most steps, at least 0; null: 200 for L-BFGS, none for minibatch optimisers.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Most epochs of a minibatch optimiser, at least 1; default 10. No meaning for L-BFGS.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Stop when max |∂F/∂W_kd| / max(1, rms of column d) is at most this; ≥ 0, default 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Examples per step over all shards together, at least 1; default 8,192.</summary>
    public int BatchSize { get; init; } = 8192;

    /// <summary>Learning rate of a minibatch optimiser, above 0, in units of the columns; null: the optimiser's own.</summary>
    public double? LearningRate { get; init; }

    /// <summary>How the rate changes; null: the optimiser's own.</summary>
    public LearningRateSchedule? LearningRateSchedule { get; init; }

    /// <summary>Steps in which the rate rises to its full value, at least 0; default 0.</summary>
    public int Warmup { get; init; }

    /// <summary>Longest gradient of a step, in units of the columns, above 0; null: any.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Decoupled weight decay of AdamW per unit of learning rate, ≥ 0; default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Seed of all randomness; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary><see cref="MaxSteps"/> with the default filled in; null: no limit.</summary>
    public int? MaxStepsInEffect => MaxSteps ?? (Optimizer is OptimizerKind.Lbfgs ? FullBatchStepsMax : null);

    /// <summary><see cref="LearningRate"/> with the optimiser's own filled in; null where it has none.</summary>
    public double? LearningRateInEffect => MinibatchRecipes.DefaultsOf(Optimizer) is { } own ? LearningRate ?? own.Rate : null;

    /// <summary><see cref="LearningRateSchedule"/> with the optimiser's own filled in; null where it has none.</summary>
    public LearningRateSchedule? ScheduleInEffect =>
        MinibatchRecipes.DefaultsOf(Optimizer) is { } own ? LearningRateSchedule ?? own.Schedule : null;

    /// <summary>All faults at once; empty where training may start.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (!(L2 >= 0 && double.IsFinite(L2))) yield return Fault("--l2", L2, "a number of at least 0");
        if (MaxSteps < 0) yield return Fault("--max-steps", MaxSteps, "a whole number of at least 0");
        if (Epochs < 1) yield return Fault("--epochs", Epochs, "a whole number of at least 1");
        if (!(Tolerance >= 0 && double.IsFinite(Tolerance))) yield return Fault("--tolerance", Tolerance, "a number of at least 0");
        if (BatchSize < 1) yield return Fault("--batch-size", BatchSize, "a whole number of at least 1");
        if (LearningRate is { } rate && !(rate > 0 && double.IsFinite(rate)))
            yield return Fault("--learning-rate", rate, "a number above 0");
        if (Warmup < 0) yield return Fault("--warmup", Warmup, "a whole number of at least 0");
        if (ClipNorm is { } norm && !(norm > 0 && double.IsFinite(norm))) yield return Fault("--clip-norm", norm, "a number above 0");
        if (!(WeightDecay >= 0 && double.IsFinite(WeightDecay))) yield return Fault("--weight-decay", WeightDecay, "a number of at least 0");
    }

    static Problem Fault(string option, object? found, string expected) =>
        new("DT3001", ExitCode.Configuration, FormattableString.Invariant($"{option} is {found}"), $"expected: {expected}");
}

/// <summary>How parameters are updated.</summary>
public enum OptimizerKind
{
    Lbfgs,
    Sgd,
    Momentum,
    Nesterov,
    Adam,
    Adamw,
    Adagrad,
    Ftrl,
}

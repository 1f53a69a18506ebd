using System.Collections.Immutable;
using DistTrain.Learning.Optimizers;
using DistTrain.Problems;

namespace DistTrain.Training;

/// <summary>What decides the result of a run beside its data: the mathematics, the limits and the seed.</summary>
public sealed record TrainingOptions
{
    const int FullBatchStepsMax = 200;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Lbfgs;

    /// <summary>λ₂ of the objective, ≥ 0; default 1e-4.</summary>
    public double L2 { get; init; } = 1e-4;

    /// <summary>λ₁ of the objective, ≥ 0; default 0. Above 0 it turns L-BFGS into OWL-QN.</summary>
    public double L1 { get; init; }

    /// <summary>Whether the penalties act on the coefficients of scaled columns; default false.</summary>
    public bool Standardize { get; init; }

    /// <summary>What λ₂ and λ₁ are multiplied by for each feature in the schema's order, finite and ≥ 0; empty, the default: all 1.</summary>
    public ImmutableArray<double> PenaltyFactors { get; init; } = [];

    /// <summary>Most steps, at least 0; null: 200 for L-BFGS and gradient descent, none for minibatch optimisers.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Most epochs of a minibatch optimiser, at least 1; default 10. No meaning for the others.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Stop when max |∂F/∂W_kd| / max(1, rms of column d) is at most this; ≥ 0, default 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Examples per step over all shards together, at least 1; default 8,192.</summary>
    public int BatchSize { get; init; } = 8192;

    /// <summary>Learning rate of a minibatch optimiser, above 0; null: the optimiser's own.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Seed of all randomness; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary><see cref="MaxSteps"/> with the default filled in; null: no limit.</summary>
    public int? MaxStepsInEffect => MaxSteps ?? (Optimizer.IsFullBatch() ? FullBatchStepsMax : null);

    /// <summary><see cref="LearningRate"/> with the optimiser's own filled in; null where it has none.</summary>
    public double? LearningRateInEffect => Optimizer is OptimizerKind.Adam ? LearningRate ?? Adam.DefaultLearningRate : null;

    /// <summary>All faults at once; empty where training may start.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (!(L2 >= 0 && double.IsFinite(L2))) yield return Fault("--l2", L2, "a number of at least 0");
        if (!(L1 >= 0 && double.IsFinite(L1))) yield return Fault("--l1", L1, "a number of at least 0");
        if (L1 > 0 && !Optimizer.IsFullBatch()) yield return Fault("--l1", L1, "0 with this --optimizer, or --optimizer lbfgs or gd");
        if (MaxSteps < 0) yield return Fault("--max-steps", MaxSteps, "a whole number of at least 0");
        if (Epochs < 1) yield return Fault("--epochs", Epochs, "a whole number of at least 1");
        if (!(Tolerance >= 0 && double.IsFinite(Tolerance))) yield return Fault("--tolerance", Tolerance, "a number of at least 0");
        if (BatchSize < 1) yield return Fault("--batch-size", BatchSize, "a whole number of at least 1");
        if (LearningRate is { } rate && !(rate > 0 && double.IsFinite(rate)))
            yield return Fault("--learning-rate", rate, "a number above 0");
    }

    static Problem Fault(string option, object? found, string expected) =>
        new("DT3001", ExitCode.Configuration, FormattableString.Invariant($"{option} is {found}"), $"expected: {expected}");
}

/// <summary>How parameters are updated.</summary>
public enum OptimizerKind
{
    Lbfgs,
    Gd,
    Adam,
}

public static class OptimizerKinds
{
    /// <summary>Whether each evaluation is of the whole training part.</summary>
    public static bool IsFullBatch(this OptimizerKind kind) => kind is OptimizerKind.Lbfgs or OptimizerKind.Gd;
}

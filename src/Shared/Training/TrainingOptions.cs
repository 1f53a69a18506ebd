using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;
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

    /// <summary>Several values of λ₂, all different, to choose from by the validation part; empty: <see cref="L2"/> alone.</summary>
    public ImmutableArray<double> L2Path { get; init; } = [];

    /// <summary>λ₁ of the objective, ≥ 0; default 0. Above 0 it turns L-BFGS into OWL-QN.</summary>
    public double L1 { get; init; }

    /// <summary>Whether the penalties act on the coefficients of scaled columns; default false.</summary>
    public bool Standardize { get; init; }

    /// <summary>
    /// What λ₂ and λ₁ are multiplied by for each feature in the schema's order, finite and ≥ 0; empty, the default: all 1.
    /// </summary>
    public ImmutableArray<double> PenaltyFactors { get; init; } = [];

    /// <summary>Most steps, at least 0; null: 200 for L-BFGS and gradient descent, none for minibatch optimisers.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Most epochs of a minibatch optimiser, at least 1; default 10. No meaning for the others.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Stop when max |∂F/∂W_kd| / max(1, rms of column d) is at most this; ≥ 0, default 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Stop when the certificate is at most this; above 0; null: not looked at before the end.</summary>
    public double? Suboptimality { get; init; }

    /// <summary>
    /// Stop when the validation log-loss was no better in so many steps of a full-batch optimiser, or epochs of a minibatch one; at least
    /// 1; null: not looked at before the end.
    /// </summary>
    public int? Patience { get; init; }

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

    /// <summary>What comes before the first step of an optimiser with all rows; default nothing.</summary>
    public WarmStartKind WarmStart { get; init; } = WarmStartKind.None;

    /// <summary>Factors of the example weights in training; default none.</summary>
    public ClassWeighting ClassWeights { get; init; } = ClassWeighting.None;

    /// <summary>ε of smoothed labels, at least 0 and below 1; default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>How probabilities are calibrated on the validation part after training; default none.</summary>
    public CalibrationKind Calibration { get; init; } = CalibrationKind.None;

    /// <summary>Seed of all randomness; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary><see cref="MaxSteps"/> with the default filled in; null: no limit.</summary>
    public int? MaxStepsInEffect => MaxSteps ?? (Optimizer.IsFullBatch() ? FullBatchStepsMax : null);

    /// <summary><see cref="LearningRate"/> with the optimiser's own filled in; null where it has none.</summary>
    public double? LearningRateInEffect => MinibatchRecipes.DefaultsOf(Optimizer) is { } own ? LearningRate ?? own.Rate : null;

    /// <summary><see cref="LearningRateSchedule"/> with the optimiser's own filled in; null where it has none.</summary>
    public LearningRateSchedule? ScheduleInEffect =>
        MinibatchRecipes.DefaultsOf(Optimizer) is { } own ? LearningRateSchedule ?? own.Schedule : null;

    /// <summary>How labels enter the loss in a run over this dataset.</summary>
    public Targets TargetsOf(DatasetManifest manifest) => new(LabelSmoothing, ClassWeights.Of(manifest));

    /// <summary>All faults at once; empty where training may start.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (!(L2 >= 0 && double.IsFinite(L2))) yield return Fault("--l2", L2, "a number of at least 0");
        if (!(L1 >= 0 && double.IsFinite(L1))) yield return Fault("--l1", L1, "a number of at least 0");
        foreach (var l2 in L2Path.Where(l2 => !(l2 >= 0 && double.IsFinite(l2)))) yield return Fault("--l2", l2, "numbers of at least 0");
        foreach (var twice in L2Path.GroupBy(l2 => l2).Where(group => group.Count() > 1)) yield return Twice(twice.Key);
        if (L2Path.Length > PathPoint.CountMax)
            yield return Fault("--l2", $"a list of {L2Path.Length}", $"at most {PathPoint.CountMax} numbers");
        if (MaxSteps < 0) yield return Fault("--max-steps", MaxSteps, "a whole number of at least 0");
        if (Epochs < 1) yield return Fault("--epochs", Epochs, "a whole number of at least 1");
        if (!(Tolerance >= 0 && double.IsFinite(Tolerance))) yield return Fault("--tolerance", Tolerance, "a number of at least 0");
        if (Suboptimality is { } bound && !(bound > 0 && double.IsFinite(bound)))
            yield return Fault("--suboptimality", bound, "a number above 0");
        if (ProblemOfCertificate() is { } without) yield return without;
        if (Patience < 1) yield return Fault("--patience", Patience, "a whole number of at least 1");
        if (BatchSize < 1) yield return Fault("--batch-size", BatchSize, "a whole number of at least 1");
        if (LearningRate is { } rate && !(rate > 0 && double.IsFinite(rate)))
            yield return Fault("--learning-rate", rate, "a number above 0");
        if (Warmup < 0) yield return Fault("--warmup", Warmup, "a whole number of at least 0");
        if (ClipNorm is { } norm && !(norm > 0 && double.IsFinite(norm))) yield return Fault("--clip-norm", norm, "a number above 0");
        if (!(WeightDecay >= 0 && double.IsFinite(WeightDecay)))
            yield return Fault("--weight-decay", WeightDecay, "a number of at least 0");
        if (WarmStart is not WarmStartKind.None && !Optimizer.IsFullBatch()) yield return NothingToWarm();
        if (!(LabelSmoothing >= 0 && LabelSmoothing < 1))
            yield return Fault("--label-smoothing", LabelSmoothing, "a number of at least 0 and below 1");
    }

    /// <summary>What cannot work where nothing is held out for validation.</summary>
    public IEnumerable<Problem> ProblemsWithoutValidation()
    {
        if (!L2Path.IsEmpty) yield return NeedsValidation("a list in --l2", "--validation 0.1 or --folds 5, or one number");
        if (Patience is not null) yield return NeedsValidation("--patience", "--validation 0.1, or leave it out");
        if (Calibration is CalibrationKind.Temperature)
            yield return NeedsValidation("--calibrate temperature", "--validation 0.1, or leave it out");
    }

    /// <summary>Why there is no certificate to go by; null where there is one, or where nobody asks for it.</summary>
    public Problem? ProblemOfCertificate() =>
        Suboptimality is null ? null
        : L1 == 0 && (L2Path.IsEmpty ? L2 == 0 : L2Path.Contains(0)) ? NoCertificate("--l2 is 0", "--l2 1e-4")
        : PenaltyFactors.Contains(0) ? NoCertificate("--penalty-file has a factor of 0", "factors above 0")
        : null;

    static Problem NeedsValidation(string what, string fix) => new(
        "DT3004", ExitCode.Configuration, $"{what} needs a validation part, but no row is held out",
        "expected: rows that do not train, to judge by", $"fix: {fix}");

    static Problem NoCertificate(string why, string fix) => new(
        "DT3003", ExitCode.Configuration, $"--suboptimality has no certificate to go by: {why}",
        "expected: a penalty above 0 on every feature, from which the bound follows", $"fix: {fix}, or --tolerance in its place");

    static Problem Twice(double l2) => new(
        "DT3001", ExitCode.Configuration, FormattableString.Invariant($"--l2 has {l2} twice"), "expected: different numbers");

    static Problem NothingToWarm() =>
        new("DT3018", ExitCode.Configuration, "--warm-start online goes before lbfgs or gd",
            "expected: an optimiser that evaluates all rows at once; the others pass online themselves",
            "fix: leave one of the two options out");

    static Problem Fault(string option, object? found, string expected) =>
        new("DT3001", ExitCode.Configuration, FormattableString.Invariant($"{option} is {found}"), $"expected: {expected}");
}

/// <summary>How parameters are updated.</summary>
public enum OptimizerKind
{
    Lbfgs,
    Gd,
    Sgd,
    Momentum,
    Nesterov,
    Adam,
    Adamw,
    Adagrad,
    Ftrl,
}

public static class OptimizerKinds
{
    /// <summary>Whether each evaluation is of the whole training part.</summary>
    public static bool IsFullBatch(this OptimizerKind kind) => kind is OptimizerKind.Lbfgs or OptimizerKind.Gd;
}

/// <summary>What precedes optimising with all rows.</summary>
public enum WarmStartKind
{
    None,

    /// <summary>A pass over each shard, row after row; the optimiser starts at the mean of where they came to.</summary>
    Online,
}

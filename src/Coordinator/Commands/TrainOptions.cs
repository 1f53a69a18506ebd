using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Commands;

/// <summary>The options of train, and what they say together.</summary>
sealed class TrainOptions
{
    /// <summary>--class-weight when nothing is typed.</summary>
    public const string NoClassWeights = "none";

    const string BalancedClasses = "balanced";
    const string NoWarmStart = "none";
    const string OnlineWarmStart = "online";

    public InputOptions Input { get; } = new();

    public Option<string[]> Classes { get; } = CliOption.Names("--classes", "the classes and their order (default: all of the input)");

    public Option<string?> Validation { get; } = CliOption.Text("--validation", "FRACTION|FILE", "held-out part; 0: none (default: 0.1)");

    public Option<int?> Shards { get; } =
        CliOption.OptionalCount("--shards", "fixed pieces of the dataset (default: from row count and kind)");

    public Option<string?> Storage { get; } = CliOption.Choice(
        "--storage", "how training rows hold numbers that are mostly not 0; bf16 rounds them and halves their memory",
        Words.Of(DenseFormat.Full), [.. Enum.GetValues<DenseFormat>().Select(Words.Of)]);

    public Option<int?> Workers { get; } = CliOption.OptionalCount("--workers", "workers in this process (default: processor count)");

    public Option<string?> Optimizer { get; } = CliOption.Choice(
        "--optimizer",
        "how parameters are updated; all but lbfgs and gd by minibatches. On sparse columns momentum and nesterov are sparse momentum, " +
            "adam and adamw LazyAdam",
        "lbfgs", [.. Enum.GetValues<OptimizerKind>().Select(Words.Of)]);

    public Option<double[]> L2 { get; } =
        CliOption.Numbers("--l2", "λ₂ of the penalty; of several the best by the log-loss of the held-out part is taken", Defaults.L2);

    public Option<double> L1 { get; } = CliOption.Number("--l1", "λ₁ of the penalty", Defaults.L1);

    public Option<int?> MaxSteps { get; } =
        CliOption.OptionalCount("--max-steps", "limit on steps (default: 200 for lbfgs and gd, none for minibatch optimizers)");

    public Option<int> Epochs { get; } = CliOption.Count("--epochs", "limit on passes of minibatch optimizers", Defaults.Epochs);

    public Option<double?> Tolerance { get; } = CliOption.OptionalNumber(
        "--tolerance",
        $"stop when the gradient is at most this; with --suboptimality only if typed (default: {Figures.Penalty(Defaults.Tolerance)})");

    public Option<double?> Suboptimality { get; } =
        CliOption.OptionalNumber("--suboptimality", "stop when objective − optimum is proved to be at most this (default: off)");

    public Option<int?> Patience { get; } = CliOption.OptionalCount(
        "--patience", "stop after so many steps (minibatches: epochs) without progress of the held-out log-loss (default: off)");

    public Option<TimeSpan?> MaxTime { get; } = CliOption.OptionalDuration(
        "--max-time", "stop training after this time, with the best parameters so far (default: off)");

    public Option<int> BatchSize { get; } = CliOption.Count(
        "--batch-size", "examples per step of minibatch optimizers", Defaults.BatchSize);

    public Option<double?> LearningRate { get; } =
        CliOption.OptionalNumber("--learning-rate", "of minibatch optimizers, on columns of size 1 (default: the optimizer's own)");

    public Option<string?> LearningRateSchedule { get; } = CliOption.Choice(
        "--learning-rate-schedule", "how the learning rate changes (default: the optimizer's own)", null,
        [.. Enum.GetValues<LearningRateSchedule>().Select(Words.Of)]);

    public Option<int> Warmup { get; } = CliOption.Count(
        "--warmup", "steps in which the learning rate rises to its full value", Defaults.Warmup);

    public Option<double?> ClipNorm { get; } =
        CliOption.OptionalNumber("--clip-norm", "longest gradient of a step of minibatch optimizers (default: any)");

    public Option<double> WeightDecay { get; } =
        CliOption.Number("--weight-decay", "decoupled weight decay of adamw, besides the penalty", Defaults.WeightDecay);

    public Option<bool> Standardize { get; } = CliOption.Switch("--standardize", "penalties act on the coefficients of scaled columns");

    public Option<string?> PenaltyFile { get; } =
        CliOption.Text("--penalty-file", "FILE", "factors of the penalties by column or column=value (default: all 1)");

    public Option<string?> Calibrate { get; } = CliOption.Choice(
        "--calibrate", "how probabilities are calibrated on the held-out part after training", "none", "none", "temperature");

    public Option<int?> Folds { get; } = CliOption.OptionalCount(
        "--folds", "cross-validation on so many parts of the training rows before the model is trained (default: none)");

    public Option<string?> InitialModel { get; } = CliOption.Text("--initial-model", "MODEL", "start from the parameters of this model");

    public Option<string?> WarmStart { get; } = CliOption.Choice(
        "--warm-start", "online: a pass over each shard, row after row, before lbfgs or gd", NoWarmStart, NoWarmStart, OnlineWarmStart);

    public Option<string?> ClassWeight { get; } =
        CliOption.Text("--class-weight", "none|balanced|FILE", "factors of the example weights by class (default: none)");

    public Option<double> LabelSmoothing { get; } =
        CliOption.Number("--label-smoothing", "share of each label spread over all classes", Defaults.LabelSmoothing);

    public Option<ulong> Seed { get; } = CliOption.Seed("--seed", "all randomness", Defaults.Seed);

    public Option<long?> MemoryLimit { get; } =
        CliOption.OptionalSize("--memory-limit", "a run that needs more is refused (default: what the machine has)");

    public Option<string?> CheckpointEvery { get; } = CliOption.CheckpointEvery(
        "--checkpoint-every", "how often the run is saved (default: 30s)");

    public Option<string?> Resume { get; } = CliOption.Text("--resume", "RUN", "go on with a run from its newest whole checkpoint");

    public Option<int> MaxClasses { get; } = CliOption.Count("--max-classes", "more classes are refused", new DatasetOptions().MaxClasses);

    public Option<string?> Out { get; } = CliOption.Text("--out", "DIR", "run folder (default: runs/<name>-<number>)");

    public Option<bool> Json { get; } = CliOption.Switch("--json", "one JSON object on stdout");

    public Option<bool> Quiet { get; } = CliOption.Switch("--quiet", "less talk");

    public Option<bool> DryRun { get; } = CliOption.Switch("--dry-run", "check everything, train nothing, write nothing");

    static TrainingOptions Defaults { get; } = new();

    /// <summary>Options of minibatch optimisers.</summary>
    IEnumerable<Option> OfMinibatches => [Epochs, BatchSize, LearningRate, LearningRateSchedule, Warmup, ClipNorm, WeightDecay];

    /// <summary>Options about how tables become a dataset, or that need the tables.</summary>
    IEnumerable<Option> OfDatasets => [Classes, Validation, Shards, Storage, MaxClasses, Folds];

    public void AddTo(Command command)
    {
        Input.AddTo(command);
        foreach (Option option in (Option[])[Classes, Validation, Shards, Storage, Workers, Optimizer, L2, L1, MaxSteps, Epochs,
            Tolerance, Suboptimality, Patience, MaxTime, BatchSize, LearningRate, LearningRateSchedule, Warmup, ClipNorm, WeightDecay,
            WarmStart, Standardize, PenaltyFile, ClassWeight, LabelSmoothing, Calibrate, Folds, InitialModel, Seed, CheckpointEvery, Resume,
            MemoryLimit, MaxClasses, Out, Json, Quiet, DryRun])
        {
            command.Add(option);
        }
    }

    /// <summary>For a command that makes a dataset and trains nothing.</summary>
    public void AddPreparationTo(Command command)
    {
        Input.AddTo(command);
        foreach (Option option in (Option[])[Classes, Validation, Shards, Storage, Seed, MaxClasses, MemoryLimit, Out, Json, Quiet])
            command.Add(option);
    }

    /// <summary>All that was typed, with the defaults filled in.</summary>
    public TrainSettings Read(ParseResult parsed, CliEnvironment environment) => ReadPreparation(parsed, environment) with
    {
        Training = ReadTraining(parsed),
        ClassWeightFile = parsed.GetValue(ClassWeight) is not (null or NoClassWeights or BalancedClasses) and var file ? file : null,
        PenaltyFile = parsed.GetValue(PenaltyFile),
        FoldCount = parsed.GetValue(Folds),
        InitialModel = parsed.GetValue(InitialModel),
        MaxTime = parsed.GetValue(MaxTime),
        WorkerCount = parsed.GetValue(Workers) ?? Environment.ProcessorCount,
        Checkpoints = parsed.GetValue(CheckpointEvery) is { } every ? Node.CommandLine.CheckpointEvery.Parse(every)! : new CheckpointPlan(),
    };

    /// <summary>What was typed about the dataset and where it goes; how it is trained on is left at the defaults.</summary>
    public TrainSettings ReadPreparation(ParseResult parsed, CliEnvironment environment)
    {
        var fraction = ValidationFraction(parsed);
        return new TrainSettings
        {
            Inputs = Input.InputsOf(parsed),
            IsDataset = Input.IsDataset(parsed, environment),
            Table = Input.Read(parsed) with { Labels = DeclaredLabels(parsed) },
            ValidationFile = fraction is null ? parsed.GetValue(Validation) : null,
            Dataset = ReadDataset(parsed, fraction),
            Training = new TrainingOptions(),
            ClassWeightFile = null,
            PenaltyFile = null,
            FoldCount = null,
            InitialModel = null,
            MaxTime = null,
            WorkerCount = 1,
            Checkpoints = new CheckpointPlan(),
            MemoryLimit = parsed.GetValue(MemoryLimit),
            Out = parsed.GetValue(Out),
            IsJson = parsed.GetValue(Json),
            IsQuiet = parsed.GetValue(Quiet),
        };
    }

    /// <summary>Everything about it that cannot work, the input's content aside.</summary>
    public ImmutableArray<Problem> Problems(ParseResult parsed, TrainSettings settings, CliEnvironment environment) =>
    [
        .. Input.Problems(parsed, environment), .. settings.Problems(environment),
        .. settings.IsDataset ? InputOptions.ProblemsOfDataset(parsed, [], OfDatasets) : [],
    ];

    /// <summary>One sentence about what was typed in vain, or null.</summary>
    public string? Warning(ParseResult parsed)
    {
        var optimizer = parsed.GetValue(Optimizer)!;
        var typed = WithoutMeaningFor(Words.OptimizerOf(optimizer)!.Value)
            .Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
        return typed.Count == 0 ? null : $"{string.Join(", ", typed)} {(typed.Count == 1 ? "has" : "have")} no meaning for {optimizer}";
    }

    LabelRule? DeclaredLabels(ParseResult parsed) =>
        parsed.GetValue(Classes) is { Length: > 0 } classes ? new LabelRule([.. classes], AreOfModel: false) : null;

    /// <summary>FTRL's rate falls by itself.</summary>
    IEnumerable<Option> WithoutMeaningFor(OptimizerKind optimizer) => optimizer switch
    {
        OptimizerKind.Lbfgs or OptimizerKind.Gd => OfMinibatches,
        OptimizerKind.Adamw => [],
        OptimizerKind.Ftrl => [LearningRateSchedule, Warmup, WeightDecay],
        _ => [WeightDecay],
    };

    DatasetOptions ReadDataset(ParseResult parsed, double? fraction) => new()
    {
        ValidationFraction = fraction ?? 0,
        Classes = parsed.GetValue(Classes) is { Length: > 0 } classes ? [.. classes] : null,
        Shards = parsed.GetValue(Shards),
        DenseFormat = Words.DenseFormatOf(parsed.GetValue(Storage)!)!.Value,
        Seed = parsed.GetValue(Seed),
        MissingAsMean = Input.Read(parsed).Missing == MissingCells.Mean,
        MaxClasses = parsed.GetValue(MaxClasses),
    };

    TrainingOptions ReadTraining(ParseResult parsed) => new()
    {
        Optimizer = Words.OptimizerOf(parsed.GetValue(Optimizer)!)!.Value,
        L2 = parsed.GetValue(L2)![0],
        L2Path = parsed.GetValue(L2) is { Length: > 1 } path ? [.. path] : [],
        L1 = parsed.GetValue(L1),
        Standardize = parsed.GetValue(Standardize),
        MaxSteps = parsed.GetValue(MaxSteps),
        Epochs = parsed.GetValue(Epochs),
        Tolerance = ToleranceInEffect(parsed),
        Suboptimality = parsed.GetValue(Suboptimality),
        Patience = parsed.GetValue(Patience),
        BatchSize = parsed.GetValue(BatchSize),
        LearningRate = parsed.GetValue(LearningRate),
        ClassWeights = parsed.GetValue(ClassWeight) == BalancedClasses ? ClassWeighting.Balanced : ClassWeighting.None,
        LabelSmoothing = parsed.GetValue(LabelSmoothing),
        WarmStart = parsed.GetValue(WarmStart) == OnlineWarmStart ? WarmStartKind.Online : WarmStartKind.None,
        LearningRateSchedule = parsed.GetValue(LearningRateSchedule) is { } schedule ? Words.ScheduleOf(schedule) : null,
        Warmup = parsed.GetValue(Warmup),
        ClipNorm = parsed.GetValue(ClipNorm),
        WeightDecay = parsed.GetValue(WeightDecay),
        Calibration = Words.CalibrationOf(parsed.GetValue(Calibrate)!)!.Value,
        Seed = parsed.GetValue(Seed),
    };

    /// <summary>Who asks for a bound wants it proved: the default tolerance would end most runs before.</summary>
    double ToleranceInEffect(ParseResult parsed) =>
        parsed.GetValue(Tolerance) ?? (parsed.GetValue(Suboptimality) is null ? Defaults.Tolerance : 0);

    /// <summary>The fraction, typed or not; null where a file was typed.</summary>
    double? ValidationFraction(ParseResult parsed) => parsed.GetValue(Validation) switch
    {
        null => new DatasetOptions().ValidationFraction,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) => fraction,
        _ => null,
    };
}

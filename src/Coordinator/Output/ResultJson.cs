using System.Text.Json.Serialization;
using DistTrain.Learning.Metrics;

namespace DistTrain.Coordinator.Output;

/// <summary>What train prints with --json (docs/formats.md). What has no value is absent.</summary>
sealed record TrainResultJson
{
    public required string Run { get; init; }

    public required string Model { get; init; }

    /// <summary>Training rows with weight above 0.</summary>
    public required long Examples { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int Shards { get; init; }

    /// <summary>Absent where training rows are not rounded.</summary>
    public StorageJson? Storage { get; init; }

    public required int Workers { get; init; }

    public required string Optimizer { get; init; }

    public required int Steps { get; init; }

    public required int Evaluations { get; init; }

    public required double Epochs { get; init; }

    public required bool Converged { get; init; }

    public required string StoppedBy { get; init; }

    public required double Objective { get; init; }

    public double? SuboptimalityBound { get; init; }

    public required double GradientMax { get; init; }

    public required PartMetricsJson Training { get; init; }

    public PartMetricsJson? Validation { get; init; }

    /// <summary>Malformed rows that were left out; absent where none were.</summary>
    public int? BadRows { get; init; }

    public CalibrationJson? Calibration { get; init; }

    /// <summary>The penalties to choose from, in the user's order.</summary>
    public IReadOnlyList<PathPointJson>? Path { get; init; }

    /// <summary>The cross-validation.</summary>
    public FoldsJson? Folds { get; init; }

    /// <summary>What should be known before the model is used.</summary>
    public IReadOnlyList<WarningJson>? Warnings { get; init; }

    public required string ParametersSha256 { get; init; }

    /// <summary>The step that the run went on from; absent where it was not resumed.</summary>
    public int? ResumedFromStep { get; init; }

    public required double Seconds { get; init; }

    public double? ExamplesPerSecond { get; init; }
}

/// <summary>What train prints with --dry-run and --json.</summary>
sealed record DryRunJson
{
    /// <summary>Always true: tells it from a result.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The folder that the run would have.</summary>
    public required string Run { get; init; }

    public required int TrainingRows { get; init; }

    public required int ValidationRows { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int Shards { get; init; }

    public required int Workers { get; init; }

    public required string Optimizer { get; init; }

    /// <summary>Malformed rows that would be left out; absent where there are none.</summary>
    public int? BadRows { get; init; }

    /// <summary>Estimated need.</summary>
    public required double MemoryBytes { get; init; }

    public required long MemoryLimitBytes { get; init; }
}

/// <summary>The metrics of one part of the dataset; the majority's accuracy is given for the validation part.</summary>
sealed record PartMetricsJson(double? LogLoss, double Accuracy, double MacroF1, long Examples, double? MajorityAccuracy = null)
{
    /// <summary>Top-k accuracy by k.</summary>
    public required IReadOnlyDictionary<string, double>? TopK { get; init; }

    public required double? BrierScore { get; init; }

    public required double? ExpectedCalibrationError { get; init; }

    /// <summary>Mean over the classes; of the validation part.</summary>
    public required double? RocAuc { get; init; }

    public required IReadOnlyList<ClassScoresJson> PerClass { get; init; }
}

sealed record ClassScoresJson(string Class, double? LogLoss, double? RocAuc);

/// <summary>A fitted temperature, and the validation part's log-loss at temperature 1 and at the fitted one.</summary>
/// <param name="LogLossFitted">Of the rows that the temperature was fitted on.</param>
sealed record CalibrationJson(double Temperature, double LogLossBefore, double LogLossFitted);

/// <summary>What evaluate prints with --json.</summary>
/// <param name="BadRows">Malformed rows that were left out; absent where none were.</param>
/// <param name="Confusion">Weight of rows of observed class i given label j, at [i][j]; all classes of the model, in order.</param>
sealed record EvaluateResultJson(
    long Examples, double? LogLoss, double Accuracy, double MacroF1, double MajorityAccuracy,
    double[][] Confusion, IReadOnlyList<ClassMetricsJson> PerClass, int? BadRows = null)
{
    /// <summary>Top-k accuracy by k.</summary>
    public required IReadOnlyDictionary<string, double>? TopK { get; init; }

    public required double? BrierScore { get; init; }

    public required double? ExpectedCalibrationError { get; init; }

    /// <summary>Mean over the classes.</summary>
    public required double? RocAuc { get; init; }

    /// <summary>The bins of top probability that hold weight.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The model's temperature, which the probabilities were taken at.</summary>
    public double? Temperature { get; init; }
}

sealed record ClassMetricsJson(
    string Class, double Precision, double Recall, double F1, double Support, double? LogLoss, double? RocAuc);

/// <summary>What should be known before the model is used.</summary>
sealed record WarningJson(string Code, string Message);

/// <summary>Everything that --json writes: camelCase, absent instead of null, numbers that round-trip.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(TrainResultJson))]
[JsonSerializable(typeof(DryRunJson))]
[JsonSerializable(typeof(PrepareResultJson))]
[JsonSerializable(typeof(FoldResultJson))]
[JsonSerializable(typeof(EvaluateResultJson))]
sealed partial class ResultJsonContext : JsonSerializerContext;

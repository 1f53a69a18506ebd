using System.Collections.Immutable;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Formats.Datasets;
using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>What a run trains on, read and fitted into memory.</summary>
/// <param name="Findings">Everything that was detected, guessed or made up, and what is peculiar about the data.</param>
/// <param name="Settings">As typed, completed by what depends on the dataset.</param>
sealed record PreparedRun(
    TrainSettings Settings, TrainingInput Input, Dataset Dataset, MemoryEstimate Memory, ImmutableArray<string> Findings)
{
    /// <param name="quarantine">Gets each malformed row that is left out; null: they are only counted.</param>
    /// <exception cref="DistTrainException">The input cannot be trained on (exit 3, 4), or memory will not suffice (exit 9).</exception>
    /// <exception cref="ProblemsFoundException">Several things about the input.</exception>
    public static PreparedRun Read(TrainSettings settings, CliEnvironment environment, Action<BadRow>? quarantine)
    {
        var (limit, origin) = LimitOf(settings, environment);
        var input = TrainingInput.Read(settings, environment, quarantine, ReadDirectly, limit);
        var (direct, plan) = (input.Direct as DirectDataset, input.PlanFor(settings.Dataset));
        var memory = EstimateOf(direct?.Size ?? plan?.Size ?? input.Stored!.Size, settings).Within(limit);
        if (memory.ProblemWithin(limit, origin) is { } problem) throw WithAdvice(problem, plan?.StreamedSize).AsException();
        var dataset = direct?.Dataset ?? plan?.Assemble(environment.Parallel) ?? input.Stored!.Open(new ShardRoom(memory.KeptShardBytes, limit));
        ProblemsFoundException.ThrowIfAny(
        [
            .. dataset.Manifest.ValidationWeightSum > 0 ? [] : settings.ProblemsWithoutValidation(),
            .. FoldTraining.Problems(settings, input, dataset),
        ]);
        var findings = input.Findings.Concat(direct?.Findings ?? plan?.Findings ?? [])
            .Concat(StorageReport.Findings(dataset.Manifest, settings.Dataset.DenseFormat));
        // Folds are made of the table again; nobody else wants its cells any more.
        if (settings.FoldCount is null) input = input with { Table = input.Table?.WithoutCells(), Validation = input.Validation?.WithoutCells() };
        return new PreparedRun(WithFilesFor(dataset, settings, environment), input, dataset, memory, [.. findings]);

        DirectDataset? ReadDirectly(DirectReading reading)
        {
            using (reading)
            {
                return EstimateOf(reading.Size, settings).ProblemWithin(limit, origin) is { } problem
                    ? throw WithAdvice(problem, reading.Size).AsException()
                    : reading.Read();
            }
        }

        // What helps where rows are what memory cannot hold, and it would hold what is to be held of a dataset of them.
        Problem WithAdvice(Problem problem, DatasetSize? rows) =>
            rows is not null && settings.FoldCount is null
                && EstimateOf(rows with { DenseStride = 0, HalvedRowCount = 0, TableBytes = 0 }, settings).Within(limit).ProblemWithin(limit, origin) is null
                ? problem with
                {
                    Details =
                    [
                        .. problem.Details,
                        $"fix: disttrain prepare {string.Join(' ', settings.Inputs)} --out DIR, then train DIR: its rows stay on the disk",
                    ],
                }
                : problem;
    }

    static MemoryEstimate EstimateOf(DatasetSize size, TrainSettings settings) =>
        MemoryEstimate.Of(size, settings.Training, settings.WorkersHere, datasetCount: settings.FoldCount is null ? 1 : 2);

    /// <summary>Reads what speaks of the dataset's features and classes.</summary>
    static TrainSettings WithFilesFor(Dataset dataset, TrainSettings settings, CliEnvironment environment) =>
        WithClassWeightsOf(dataset, WithPenaltiesOf(dataset, settings, environment), environment);

    static TrainSettings WithClassWeightsOf(Dataset dataset, TrainSettings settings, CliEnvironment environment)
    {
        if (settings.ClassWeightFile is not { } typed) return settings;
        var file = ClassWeightFile.Read(InputFiles.Find([typed], environment)[0]);
        ProblemsFoundException.ThrowIfAny(file.Problems(dataset.Classes));
        var weighting = ClassWeighting.Given(file.WeightsOf(dataset.Classes));
        return settings with { Training = settings.Training with { ClassWeights = weighting } };
    }

    static TrainSettings WithPenaltiesOf(Dataset dataset, TrainSettings settings, CliEnvironment environment)
    {
        if (settings.PenaltyFile is not { } typed) return settings;
        var file = PenaltyFile.Read(InputFiles.Find([typed], environment)[0]);
        ProblemsFoundException.ThrowIfAny(file.Problems(dataset.Schema));
        var training = settings.Training with { PenaltyFactors = file.FactorsOf(dataset.Schema) };
        if (training.ProblemOfCertificate() is { } problem) throw problem.AsException();
        return settings with { Penalties = file, Training = training };
    }

    /// <summary>The bound on memory, and whose it is.</summary>
    public static (long Bytes, string Origin) LimitOf(TrainSettings settings, CliEnvironment environment) =>
        settings.MemoryLimit is { } typed
            ? (typed, "--memory-limit")
            : (environment.MemoryBytes, "this machine's; --memory-limit to change");
}

using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Training;
using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Datasets;

/// <summary>Tables that become a dataset in a folder: there whole, under its name, or not at all.</summary>
/// <param name="Findings">Everything that was detected, guessed or made up, and what is peculiar about the data.</param>
sealed record Preparation(TrainingInput Input, Dataset Dataset, IReadOnlyList<string> Findings)
{
    /// <exception cref="DistTrainException">The input cannot be trained on (exit 3, 4), or memory will not suffice (exit 9).</exception>
    /// <exception cref="ProblemsFoundException">Several things about the input.</exception>
    public static Preparation Read(TrainSettings settings, CliEnvironment environment)
    {
        var input = TrainingInput.Read(settings, environment, quarantine: null);
        var plan = DatasetBuilder.Plan(input.Table!, input.Validation, settings.Dataset);
        var (limit, origin) = PreparedRun.LimitOf(settings, environment);
        if (MemoryEstimate.OfPreparation(plan.Size).ProblemWithin(limit, origin) is { } problem) throw problem.AsException();
        return new Preparation(input, plan.Assemble(environment.Parallel), [.. input.Findings, .. plan.Findings]);
    }

    /// <summary>Writes it beside its place, and gives it its name when all is there.</summary>
    /// <param name="shown">The folder as typed; it is not there, or empty.</param>
    public WrittenDataset Write(string shown, CliEnvironment environment)
    {
        var path = environment.FullPath(Path.TrimEndingDirectorySeparator(shown));
        var temporary = DurableFile.TemporaryFor(path);
        try
        {
            var written = new DatasetFolder(Disk.Instance, temporary, shown).Write(Dataset, Input.Origin);
            if (Directory.Exists(path)) Directory.Delete(path);
            Directory.Move(temporary, path);
            Disk.Instance.FlushFolder(Path.GetDirectoryName(path)!);
            return written;
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }
}
